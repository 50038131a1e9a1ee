import { describe, expect, it } from 'vitest'
import { diffRecord } from './record-diff'

describe('diffRecord', () => {
  it('takes the revoked key away and adds the good one', () => {
    expect(diffRecord(['v=DKIM1; k=rsa; p='], 'v=DKIM1; k=rsa; p=MIIB')).toEqual([
      { kind: 'del', text: 'v=DKIM1; k=rsa; p=' },
      { kind: 'ins', text: 'v=DKIM1; k=rsa; p=MIIB' },
    ])
  })

  it('leaves a record that is already there, with or without its final dot', () => {
    expect(diffRecord(['10 mx1.example', '20 old.example'], '10 mx1.example.\n20 mx2.example.')).toEqual([
      { kind: 'del', text: '20 old.example' },
      { kind: 'same', text: '10 mx1.example.' },
      { kind: 'ins', text: '20 mx2.example.' },
    ])
  })

  it('only adds where nothing was found', () => {
    expect(diffRecord([], 'v=spf1 -all')).toEqual([{ kind: 'ins', text: 'v=spf1 -all' }])
  })
})
