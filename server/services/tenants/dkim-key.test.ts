import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { normaliseDkimKey } from './dkim-key'

const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 })
const short = generateKeyPairSync('rsa', { modulusLength: 768 })
const ed = generateKeyPairSync('ed25519')
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const der = (key: KeyObject, type: 'spki' | 'pkcs1' | 'pkcs8' | 'sec1') =>
  key.export({ format: 'der', type } as { format: 'der'; type: 'spki' }).toString('base64')
const pem = (key: KeyObject, type: 'spki' | 'pkcs1' | 'pkcs8') =>
  key.export({ format: 'pem', type } as { format: 'pem'; type: 'spki' }).toString()
const bareEd = Buffer.from(ed.publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('base64')
const spki = der(rsa.publicKey, 'spki')

describe('a public key is stored as the base64 that stands in p=', () => {
  it.each([
    ['base64 SPKI', spki, spki],
    ['base64 broken over lines', spki.replace(/(.{60})/g, '$1\n'), spki],
    ['a PEM public key', pem(rsa.publicKey, 'spki'), spki],
    ['a PEM RSA public key', pem(rsa.publicKey, 'pkcs1'), spki],
    ['the bare RSAPublicKey', der(rsa.publicKey, 'pkcs1'), spki],
    ['a whole record', `v=DKIM1; k=rsa; p=${spki}`, spki],
    ['a record in quotes', `"v=DKIM1; p=${spki};"`, spki],
    ['a key too short to be trusted, which the check tells', der(short.publicKey, 'spki'), der(short.publicKey, 'spki')],
    ['the 32 bytes of Ed25519', bareEd, bareEd],
    ['Ed25519 as SPKI', der(ed.publicKey, 'spki'), bareEd],
    ['Ed25519 as PEM', pem(ed.publicKey, 'spki'), bareEd],
  ])('%s', (_, input, base64) => {
    expect(normaliseDkimKey(input)).toEqual({ ok: true, base64 })
  })
})

describe('what is no public key is refused', () => {
  it.each([
    ['nothing', '', /revoked/],
    ['an empty p=', 'v=DKIM1; p=', /revoked/],
    ['words', 'not a key!', /neither base64/],
    ['base64 of something else', Buffer.from('hello, this is no key at all').toString('base64'), /not a public key/],
    ['a PEM of nonsense', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', /does not hold/],
    ['an elliptic curve that DKIM does not know', der(ec.publicKey, 'spki'), /RSA and Ed25519/],
  ])('%s', (_, input, reason) => {
    expect(normaliseDkimKey(input)).toEqual({ ok: false, reason: expect.stringMatching(reason) })
  })
})

describe('a private key pasted by mistake is refused and never repeated', () => {
  it.each([
    ['PEM PKCS#8', pem(rsa.privateKey, 'pkcs8')],
    ['PEM PKCS#1', pem(rsa.privateKey, 'pkcs1')],
    ['base64 PKCS#8', der(rsa.privateKey, 'pkcs8')],
    ['base64 PKCS#1', der(rsa.privateKey, 'pkcs1')],
    ['base64 Ed25519', der(ed.privateKey, 'pkcs8')],
    ['base64 EC', der(ec.privateKey, 'sec1')],
    ['inside a record', `v=DKIM1; p=${der(rsa.privateKey, 'pkcs8')}`],
  ])('%s', (_, input) => {
    const result = normaliseDkimKey(input)
    expect(result).toEqual({ ok: false, reason: expect.stringMatching(/^this is a private key/) })
    expect(JSON.stringify(result)).not.toContain(input.slice(30, 60))
  })
})
