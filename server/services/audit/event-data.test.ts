import { describe, expect, it } from 'vitest'
import type { ActionKind } from './actions'
import { droppedValues, splitData } from './event-data'

const KIND: ActionKind = {
  category: 'data',
  severity: 'low',
  sentence: '{actor} did it',
  data: { name: 'text', ref: 'id', size: 'count', on: 'flag', until: 'time' },
  personal: { email: 'text' },
}

describe('what an event may hold', () => {
  it.each([
    ['a text', { name: 'Acme' }, { name: 'Acme' }],
    ['before and after', { 'name.before': 'a', 'name.after': 'b' }, { 'name.before': 'a', 'name.after': 'b' }],
    ['numbers, flags and times', { size: 3, on: false, until: 5 }, { size: 3, on: false, until: 5 }],
    ['what every event may hold', { requestId: 'r1', onBehalfOf: 'u_bruno' }, { requestId: 'r1', onBehalfOf: 'u_bruno' }],
    ['nothing for nothing', { name: null, ref: undefined }, {}],
  ])('%s', (_, given, open) => {
    const before = droppedValues()
    expect(splitData(KIND, given)).toEqual({ open, sealed: {} })
    expect(droppedValues()).toBe(before)
  })

  it.each([
    ['a key that is not in the list', { password: 'hunter2' }],
    ['a key with another ending', { 'name.during': 'x' }],
    ['a key of every object', { constructor: 'x' }],
    ['a number as a text', { name: 5 }],
    ['a text as a number', { size: '5' }],
    ['a fraction', { size: 0.5 }],
    ['a number that a double cannot hold', { size: 2 ** 53 }],
    ['a text as a flag', { on: 'true' }],
  ])('not %s, which is counted', (_, given) => {
    const before = droppedValues()
    expect(splitData(KIND, given)).toEqual({ open: {}, sealed: {} })
    expect(droppedValues()).toBe(before + 1)
  })

  it('a personal value beside the event alone; of a change it says only that there was one', () => {
    expect(splitData(KIND, { email: 'anna@example.org' })).toEqual({ open: {}, sealed: { email: 'anna@example.org' } })
    expect(splitData(KIND, { 'email.before': 'a@example.org', 'email.after': 'b@example.org' })).toEqual({
      open: { 'email.changed': true },
      sealed: { 'email.before': 'a@example.org', 'email.after': 'b@example.org' },
    })
  })

  it.each([
    ['of 4,000 characters whole', 'x'.repeat(4_000), 'x'.repeat(4_000)],
    ['that is longer cut', 'x'.repeat(4_001), `${'x'.repeat(3_999)}…`],
    ['never cut through a character', `${'x'.repeat(3_998)}🗂🗂`, `${'x'.repeat(3_998)}…`],
  ])('a text %s', (_, given, kept) => {
    expect(splitData(KIND, { name: given }).open).toEqual({ name: kept })
  })
})
