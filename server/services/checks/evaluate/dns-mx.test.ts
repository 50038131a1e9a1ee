import { describe, expect, it } from 'vitest'
import { answerOf, DOMAIN, targetOf } from '../../../../tests/helpers/check-facts'
import { evaluateDnsMx } from './dns-mx'

// The table of its reasons is tests/reasons/dns-mx.ts.
describe('dns_mx', () => {
  it('keeps its evidence small when a zone lists 500 hosts with names that never end', () => {
    const hosts = Array.from({ length: 500 }, (_, i) => `10 mx${i}.${'a'.repeat(9_000)}.example`)
    const { evidence, params } = evaluateDnsMx({ mx: answerOf(DOMAIN, 'MX', hosts), apex: null, targets: [] }, targetOf())
    expect(evidence.found.mx).toHaveLength(51)
    expect(JSON.stringify({ evidence, params }).length).toBeLessThan(1_000_000)
    expect(evidence.lookups[0]?.values.at(-1)).toBe('… and 450 more')
  })
})
