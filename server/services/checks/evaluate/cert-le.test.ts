import { describe, expect, it } from 'vitest'
import { certificateOf, DAY_MS, NOW, targetOf } from '../../../../tests/helpers/check-facts'
import { shown, V4, withList } from '../../../../tests/reasons/cert-le'
import { evaluateCertLe } from './cert-le'
import { renewalState } from './certificate'

describe('cert_le', () => {
  it.each([
    [90, 27.1, 'fine'],
    [90, 26.9, 'renewal-overdue'],
    [90, 8.9, 'near-expiry'],
    [45, 13.6, 'fine'],
    [45, 13.4, 'renewal-overdue'],
    [45, 4.4, 'near-expiry'],
    [160 / 24, 73 / 24, 'fine'],
    [160 / 24, 71 / 24, 'renewal-overdue'],
    [160 / 24, 15 / 24, 'near-expiry'],
  ])('of %d days of life with %d left: %s', (life, left, state) => {
    const notAfter = NOW + left * DAY_MS
    expect(renewalState(certificateOf({ notAfter, notBefore: notAfter - life * DAY_MS }), NOW)).toBe(state)
  })

  it('says in its evidence when a list of revoked certificates could not be had', () => {
    const { evidence } = evaluateCertLe(withList({ outcome: 'timeout', revokedAt: null }), targetOf(), NOW)
    expect(evidence.connections).toContainEqual(
      expect.objectContaining({ target: 'http://crl.example.net/1.crl', result: 'revocation list: timeout' }),
    )
    expect(JSON.stringify(evidence.found)).not.toContain('timeout')
  })

  it('keeps its evidence small when a certificate has 3,000 names', () => {
    const names = Array.from({ length: 3_000 }, (_, i) => `host-${i}.example.org`)
    const { evidence } = evaluateCertLe(shown({ names }), targetOf(), NOW)
    expect(evidence.found.addresses).toMatchObject({ [V4]: { names: expect.arrayContaining(['… and 2980 more']) } })
    expect(JSON.stringify(evidence).length).toBeLessThan(5_000)
  })
})
