import { describe, expect, it } from 'vitest'
import { changedFields, changesOnly, mergeValues } from './form-merge'

const base = { name: 'Acme', plan: 'basic', mx: ['a'], version: 1 }
const theirs = { name: 'Acme Ltd', plan: 'pro', mx: ['a'], version: 2 }
const mine = { name: 'ACME', plan: 'basic', mx: ['a', 'b'], version: 1 }

describe('when somebody else saved first', () => {
  it('keeps what was changed here and takes everything else, the version too', () => {
    expect(mergeValues(base, theirs, mine)).toEqual({ name: 'ACME', plan: 'pro', mx: ['a', 'b'], version: 2 })
  })

  it('tells what they changed and where both did', () => {
    expect(changedFields(base, theirs, mine)).toEqual([
      { field: 'name', theirs: 'Acme Ltd', mine: 'ACME', clash: true },
      { field: 'plan', theirs: 'pro', mine: 'basic', clash: false },
    ])
  })

  it('sends only what was changed', () => {
    expect(changesOnly(mine, base)).toEqual({ name: 'ACME', mx: ['a', 'b'] })
  })
})
