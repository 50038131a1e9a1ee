import { describe, expect, it } from 'vitest'
import { LONGEST_EVENT, readEvent } from './read-event'

const read = (text: string) => readEvent(Buffer.from(text))
const told = (data: string, createdAt = '2026-03-01T09:15:04Z', id = '1') =>
  `{"id":"${id}","createdAt":"${createdAt}","type":"auth.success","data":${data}}`

describe('an event of Stalwart', () => {
  it('is known by when, what and its data; neither by its id nor by the order of keys', () => {
    const event = read(told('{"a":1,"b":{"c":[true,null],"d":"x"}}'))!
    expect(event).toMatchObject({ type: 'auth.success', at: Date.UTC(2026, 2, 1, 9, 15, 4) })
    expect(read(told('{"b":{"d":"x","c":[true,null]},"a":1}', undefined, '2'))!.digest).toBe(event.digest)
  })

  it.each([
    ['another number beyond 2^53', '{"spanId":341872345683099649}'],
    ['the number as text', '{"spanId":"341872345683099648"}'],
    ['another key', '{"spanid":341872345683099648}'],
    ['more', '{"spanId":341872345683099648,"x":null}'],
    ['nothing', '{}'],
  ])('is another one with %s', (_, data) => {
    expect(read(told(data))!.digest).not.toBe(read(told('{"spanId":341872345683099648}'))!.digest)
  })

  it('is another one in another second', () => {
    expect(read(told('{}', '2026-03-01T09:15:05Z'))!.digest).not.toBe(read(told('{}'))!.digest)
  })

  it.each(['1601-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2026-03-01T10:15:04+01:00'])('may be of %s', (createdAt) => {
    expect(read(told('{}', createdAt))!.at).toBe(Date.parse(createdAt))
  })

  it.each([
    ['no JSON', '{"createdAt":'],
    ['no object', 'null'],
    ['a list', '[]'],
    ['a key twice', told('{"a":1,"a":2}')],
    ['no time', '{"type":"a.b","data":{}}'],
    ['a time that is none', told('{}', '2026-02-30T09:15:04Z')],
    ['no type', '{"createdAt":"2026-03-01T09:15:04Z","data":{}}'],
    ['data that is no object', told('[]')],
    ['nesting without end', told('{"a":'.repeat(100_000))],
    ['deep nesting', told(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`)],
    ['a text without end', told(`{"a":"${'x'.repeat(LONGEST_EVENT)}"}`)],
  ])('is none with %s', (_, text) => {
    expect(read(text)).toBeNull()
  })

  it('may be nested ten levels deep, hold NUL and half of a surrogate pair', () => {
    expect(read(told(`${'{"a":'.repeat(10)}"\\u0000\\ud800"${'}'.repeat(10)}`))).not.toBeNull()
  })
})
