import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DOMAIN, targetOf } from '../../../../tests/helpers/check-facts'
import { stubDns, verdictOver } from '../../../../tests/reasons/contract'
import { dnsDkim } from '../collectors/dns-dkim'
import { readDeclaredKey } from './dkim-key'

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ours = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const pkcs1 = publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64')
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
const edKey = generateKeyPairSync('ed25519').publicKey
const edRaw = Buffer.from(edKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')
const edSpki = edKey.export({ type: 'spki', format: 'der' }).toString('base64')

// The table of its reasons is tests/reasons/dns-dkim.ts.
describe('dns_dkim', () => {
  it('shows the text that was found and the chain that led to it', async () => {
    const text = 'v=DKIM1; p='
    const zone = { [`TXT s1._domainkey.${DOMAIN}`]: { said: [text], cnames: ['s1.dkim.example.net'] } }
    const { evidence } = await verdictOver(dnsDkim, stubDns(zone), targetOf({ dkim: [{ selector: 's1', publicKey: ours }] }))
    expect(evidence.lookups[0]).toMatchObject({ values: [text], cnames: ['s1.dkim.example.net'] })
    expect(evidence.found.keys).toEqual({ s1: [text] })
  })

  it('knows a key by its numbers, however it is written', () => {
    const forms = [ours, pkcs1, pem, ours.replace(/(.{64})/g, '$1\n')]
    expect(new Set(forms.map((form) => readDeclaredKey(form)?.identity)).size).toBe(1)
    expect(readDeclaredKey(edSpki)?.identity).toBe(readDeclaredKey(edRaw)?.identity)
    expect(readDeclaredKey('no key')).toBeNull()
  })
})
