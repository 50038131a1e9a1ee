import { createHash, createPublicKey, type KeyObject } from 'node:crypto'

/** A public key as it stands in `p=` or as an operator pasted it. */
export interface PublicKeyFacts {
  type: 'rsa' | 'ed25519'
  /** Modulus length; RSA only. */
  bits?: number
  /** The same for the same key, however it was written. */
  identity: string
}

const ED25519_BYTES = 32

/** Decodes the value of `p=` for a key type (RFC 6376 §3.6.1, RFC 8463 §4). Null when it is no such key. */
export function readPublishedKey(type: 'rsa' | 'ed25519', base64: string): PublicKeyFacts | null {
  const bytes = decodeBase64(base64)
  if (!bytes) return null
  if (type === 'ed25519') return bytes.length === ED25519_BYTES ? { type, identity: bytes.toString('base64url') } : null
  const key = readDer(bytes)
  return key?.type === 'rsa' ? key : null
}

/** Reads what an operator declared: a PEM public key, base64 of its DER, or 32 raw bytes of Ed25519. Null when it is none. */
export function readDeclaredKey(text: string): PublicKeyFacts | null {
  const bytes = decodeBase64(text.replace(/-----[^-]+-----/g, ''))
  if (!bytes) return null
  if (bytes.length === ED25519_BYTES) return { type: 'ed25519', identity: bytes.toString('base64url') }
  return readDer(bytes)
}

/** The value of `p=` for a declared key: base64 without armour or white space; Ed25519 as its raw bytes. */
export function publishedForm(text: string): { type: 'rsa' | 'ed25519'; p: string } | null {
  const facts = readDeclaredKey(text)
  if (!facts) return null
  if (facts.type === 'ed25519') return { type: facts.type, p: Buffer.from(facts.identity, 'base64url').toString('base64') }
  return { type: facts.type, p: text.replace(/-----[^-]+-----/g, '').replace(/\s+/g, '') }
}

/** Strict base64; white space inside is folding (RFC 6376 §3.2). */
function decodeBase64(text: string): Buffer | null {
  const compact = text.replace(/\s+/g, '')
  if (compact === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact) || compact.replace(/=+$/, '').length % 4 === 1) return null
  return Buffer.from(compact, 'base64')
}

/** By digest, since a zone may publish anything. Reading one costs more than all else about its record, and it is read in every cycle. */
const read = new Map<string, PublicKeyFacts | null>()
const MAX_READ = 10_000

function readDer(bytes: Buffer): PublicKeyFacts | null {
  const digest = createHash('sha256').update(bytes).digest('base64')
  const known = read.get(digest)
  if (known !== undefined) return known
  const key = parseDer(bytes)
  const facts = key && factsOf(key)
  read.set(digest, facts)
  if (read.size > MAX_READ) read.delete(read.keys().next().value!)
  return facts
}

function parseDer(bytes: Buffer): KeyObject | null {
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      return createPublicKey({ key: bytes, format: 'der', type })
    } catch {
      // Not this encoding; OpenSSL has no cheaper way to ask.
    }
  }
  return null
}

function factsOf(key: KeyObject): PublicKeyFacts | null {
  const jwk = key.export({ format: 'jwk' })
  if (key.asymmetricKeyType === 'ed25519' && jwk.x) return { type: 'ed25519', identity: jwk.x }
  if (key.asymmetricKeyType !== 'rsa' || !jwk.n || !jwk.e) return null
  const identity = createHash('sha256').update(`${jwk.n}.${jwk.e}`).digest('base64url')
  return { type: 'rsa', bits: key.asymmetricKeyDetails?.modulusLength ?? 0, identity }
}
