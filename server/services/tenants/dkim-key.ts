import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

export type NormalisedKey = { ok: true; base64: string } | { ok: false; reason: string }

const ED25519_BYTES = 32

const PRIVATE = 'this is a private key: give the public one, and replace the pair, because this one has now been shared'
const PRIVATE_FORMS = ['pkcs1', 'pkcs8', 'sec1'] as const
const PUBLIC_FORMS = ['spki', 'pkcs1'] as const

/**
 * Brings a DKIM public key to the base64 that stands in `p=`: SubjectPublicKeyInfo for RSA (RFC 6376 §3.6.1), the bare 32 bytes for
 * Ed25519 (RFC 8463 §4). Takes that base64, a PEM public key or a whole `v=DKIM1; …; p=…` record. The reason of a refusal never
 * repeats what was given: it may be a private key.
 */
export function normaliseDkimKey(input: string): NormalisedKey {
  const text = input.trim()
  if (/PRIVATE KEY/i.test(text)) return refuse(PRIVATE)
  if (text.includes('-----BEGIN')) return fromPem(text)
  return fromBase64(tagP(text).replace(/\s+/g, ''))
}

/** The value of `p=` when a whole record was pasted; the text itself when not. */
function tagP(text: string): string {
  return /(?:^|;)\s*p\s*=\s*([^;]*)/.exec(text.replace(/^"|"$/g, ''))?.[1] ?? text
}

function fromPem(text: string): NormalisedKey {
  const key = reads(() => createPublicKey({ key: text, format: 'pem' }))
  return key ? fromKey(key) : refuse('the PEM text does not hold a public key')
}

function fromBase64(text: string): NormalisedKey {
  if (text === '') return refuse('an empty key is a revoked one: leave the key out instead')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return refuse('this is neither base64 nor PEM')
  const der = Buffer.from(text, 'base64')
  if (der.length === ED25519_BYTES) return { ok: true, base64: der.toString('base64') }
  if (PRIVATE_FORMS.some((type) => reads(() => createPrivateKey({ key: der, format: 'der', type })))) return refuse(PRIVATE)
  // RFC 6376 §3.6.1 also writes of the bare RSAPublicKey, and some tools print that.
  const key = PUBLIC_FORMS.map((type) => reads(() => createPublicKey({ key: der, format: 'der', type }))).find(Boolean)
  return key ? fromKey(key) : refuse('this is not a public key')
}

function reads(read: () => KeyObject): KeyObject | null {
  try {
    return read()
  } catch {
    return null
  }
}

/** A short RSA key is taken: what signs with it is told so by the check, which must know of it. */
function fromKey(key: KeyObject): NormalisedKey {
  if (key.asymmetricKeyType === 'ed25519') {
    const { x } = key.export({ format: 'jwk' })
    return { ok: true, base64: Buffer.from(x!, 'base64url').toString('base64') }
  }
  if (key.asymmetricKeyType !== 'rsa') return refuse('DKIM knows RSA and Ed25519 keys only')
  return { ok: true, base64: key.export({ format: 'der', type: 'spki' }).toString('base64') }
}

function refuse(reason: string): NormalisedKey {
  return { ok: false, reason }
}
