import { describe, expect, it } from 'vitest'
import { verdictIn } from '../../../../../tests/helpers/extended'
import { BOTH, LOGO, own, svg, webOf } from '../../../../../tests/reasons/extended/bimi'
import { bimi } from '../bimi'

describe('bimi', () => {
  it('is not held up by a logo that is nested without end', async () => {
    const deep = `${'<g>'.repeat(5_000)}${'</g>'.repeat(5_000)}`
    expect(await verdictIn(bimi, webOf(own(BOTH), { [LOGO]: svg(deep) }))).toMatchObject({ reason: 'logo-profile' })
  })
})
