import { describe, expect, it } from 'vitest'
import { changesOf, keyWords, linesOf } from './changes'

describe('what an event changed', () => {
  it('is told as pairs, one side of which may be missing', () => {
    const metadata = { 'plan.before': 'basic', 'plan.after': 'plus', 'name.after': 'Acme', requestId: 'r1', domains: 0 }
    expect(changesOf(metadata)).toEqual({
      changes: [
        { key: 'plan', before: 'basic', after: 'plus' },
        { key: 'name', before: null, after: 'Acme' },
      ],
      facts: [
        ['requestId', 'r1'],
        ['domains', 0],
      ],
    })
  })

  it('says of an erased value that it changed, and of one that is shown only what to', () => {
    expect(changesOf({ 'email.changed': true }).facts).toEqual([['email.changed', true]])
    expect(changesOf({ 'email.changed': true, 'email.before': 'a', 'email.after': 'b' }).facts).toEqual([])
  })
})

it.each([
  [null, []],
  ['basic', ['basic']],
  [false, ['false']],
  ['a\nb', ['a', 'b']],
  ['{"url":"u","ids":[1]}', ['{', '  "url": "u",', '  "ids": [', '    1', '  ]', '}']],
  ['{not JSON', ['{not JSON']],
  ['{"id":12345678901234567890}', ['{"id":12345678901234567890}']],
  ['{"a":1,"a":2}', ['{"a":1,"a":2}']],
])('%j is compared line by line as %j', (value, lines) => {
  expect(linesOf(value)).toEqual(lines)
})

it.each([
  ['mailHostId', 'mail host id'],
  ['dkim', 'dkim'],
  ['adminPasswordChanged', 'admin password changed'],
])('the key %s reads %s', (key, words) => {
  expect(keyWords(key)).toBe(words)
})
