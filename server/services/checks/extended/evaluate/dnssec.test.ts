import { describe, expect, it } from 'vitest'
import { extendedTargetOf, zoneWorld } from '../../../../../tests/helpers/extended'
import { UNSIGNED } from '../../../../../tests/reasons/extended/dnssec'
import { dnssec } from '../dnssec'

describe('dnssec', () => {
  it('asks for what a resolver holds back only after SERVFAIL', async () => {
    const { unchecked } = await dnssec.collect(zoneWorld(UNSIGNED), extendedTargetOf())
    expect(unchecked).toBeNull()
  })
})
