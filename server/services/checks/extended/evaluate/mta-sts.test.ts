import { describe, expect, it } from 'vitest'
import { extendedTargetOf } from '../../../../../tests/helpers/extended'
import { after, ENFORCE, faulty, own, policyLook, policyOf, RECORD, served } from '../../../../../tests/reasons/extended/mta-sts'

describe('mta_sts', () => {
  it('blames nobody else when the canary failed too', async () => {
    expect(await policyLook(own(RECORD), faulty('timeout'), extendedTargetOf(), false)).toMatchObject({ reason: 'monitor-fault' })
  })

  it('remembers what it saw under an id, until the id changes', async () => {
    const { memory } = await policyLook(own(RECORD), served(ENFORCE), extendedTargetOf())
    expect(memory).toMatchObject({ id: '20260101' })
    expect((await policyLook(own(RECORD), served(policyOf('testing', ['*.example.net'])), after(memory!))).reason).toBe(
      'id-unchanged',
    )
    expect((await policyLook(own(RECORD), served(policyOf('none', [])), after(memory!))).memory).toBeUndefined()
    expect((await policyLook(own('v=STSv1; id=2'), served(ENFORCE), after(memory!))).memory).toMatchObject({ id: '2' })
  })
})
