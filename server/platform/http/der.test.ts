import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createAuthority, mintSelfSigned } from '../../../tests/helpers/certificates'
import { publicKeyOf } from './der'

describe('the public key of a certificate', () => {
  it.each(['ec', 'rsa'] as const)('is cut out as it stands there: %s', async (keyType) => {
    const { cert } = await mintSelfSigned({ names: ['example.org'], keyType })
    const { raw, publicKey } = new X509Certificate(cert)
    expect(publicKeyOf(raw)).toEqual(publicKey.export({ type: 'spki', format: 'der' }))
  })

  it('is that of the leaf and not of its issuer', async () => {
    const authority = await createAuthority()
    const { cert } = await authority.mint({ names: ['example.org'] })
    expect(publicKeyOf(new X509Certificate(cert).raw)).not.toEqual(publicKeyOf(new X509Certificate(authority.cert).raw))
  })
})
