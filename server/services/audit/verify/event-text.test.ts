import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalText, type EventContent } from '../canonical'
import { fieldsOf } from './event-text'

const { vectors } = JSON.parse(readFileSync(new URL('../../../../tests/conformance/audit-v1.json', import.meta.url), 'utf8')) as {
  vectors: { name: string; canonical: string }[]
}

/** Without the data, which nobody asks for. */
const withoutData = (event: object | null) => ({ ...event, data: undefined })
const parsedOf = (text: string) => withoutData(JSON.parse(text) as EventContent)

const text = fc.string({ unit: fc.oneof(fc.constantFrom('"', '\\', '\n', '{', '}', ',', ':', 'é', '😀', '\uFFFD'), fc.string()) })
const whole = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
const time = fc.integer({ min: -8.64e15, max: 8.64e15 })
const wellFormed = text.map((given) => given.toWellFormed())
const scalar = fc.oneof(wellFormed, whole, fc.boolean())
const event = fc.record(
  {
    v: fc.constant(1 as const),
    ...{ id: wellFormed, action: wellFormed, at: time, recv: time, scope: wellFormed, pd: wellFormed },
    actor: fc.record({ id: wellFormed, type: wellFormed }),
    resource: fc.record({ id: wellFormed, type: wellFormed }),
    meta: fc.record(
      { category: wellFormed, outcome: wellFormed, severity: wellFormed, source: wellFormed, ext: wellFormed },
      { requiredKeys: ['category', 'outcome', 'severity', 'source'] },
    ),
    refs: fc.array(wellFormed, { maxLength: 3 }),
    data: fc.dictionary(wellFormed, scalar, { maxKeys: 3, noNullPrototype: true }),
  },
  { requiredKeys: ['v', 'id', 'action', 'at', 'recv', 'scope', 'actor', 'resource', 'meta'] },
)

describe('the fields of an event', () => {
  it.each(vectors)('are what its text says: $name', ({ canonical }) => {
    expect(withoutData(fieldsOf(canonical))).toEqual(parsedOf(canonical))
  })

  it('are what the text says, whatever stands in it', () => {
    fc.assert(
      fc.property(event, (content) => {
        const canonical = canonicalText(content)
        expect(withoutData(fieldsOf(canonical))).toEqual(parsedOf(canonical))
      }),
    )
  })

  it.each([
    ['a member twice', (canonical: string) => canonical.replace('"id":"', '"action":"other","id":"')],
    ['members in another order', (canonical: string) => canonical.replace(/^\{("action":"[^"]*"),(.*)\}$/, '{$2,$1}')],
    ['spaces', (canonical: string) => canonical.replaceAll(',"', ', "')],
  ])('are what JSON says of %s', (_, change) => {
    const changed = change(vectors[0]!.canonical)
    expect(changed).not.toBe(vectors[0]!.canonical)
    expect(withoutData(fieldsOf(changed))).toEqual(parsedOf(changed))
  })

  it.each([
    ['cut short', (canonical: string) => canonical.slice(0, -1)],
    ['a line break in a text', (canonical: string) => canonical.replace('"v":1}', '"v":1}\n{')],
    ['data that are no JSON', (canonical: string) => canonical.replace(/"at":(\d+),/, '"at":$1,"data":{"a":01},')],
    ['JSON of something else', () => '5'],
    ['nothing in it', () => '{}'],
    ['an actor that is a text', (canonical: string) => canonical.replace(/"actor":\{[^}]*\}/, '"actor":"u_anna"')],
    ['references that are no list', (canonical: string) => canonical.replace('"resource":', '"refs":5,"resource":')],
    ['a moment that no date can be', (canonical: string) => canonical.replace(/"recv":\d+/, '"recv":9999999999999999')],
  ])('are not there where the text is no event: %s', (_, change) => {
    const changed = change(vectors[0]!.canonical)
    expect(changed).not.toBe(vectors[0]!.canonical)
    expect(fieldsOf(changed)).toBeNull()
  })
})
