import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { canonicalText, contentHash, type EventContent, personalCommitment } from '#server/services/audit/canonical'

interface Vector {
  name: string
  input: EventContent
  personal?: Record<string, string>
  salt?: string
  canonical: string
  contentHash: string
  pd: string | null
}

const { schema, vectors } = JSON.parse(readFileSync(new URL('audit-v1.json', import.meta.url), 'utf8')) as {
  schema: Parameters<typeof z.fromJSONSchema>[0]
  vectors: Vector[]
}
const eventSchema = z.fromJSONSchema(schema)

describe('the ten golden vectors', () => {
  it('are ten, each another case', () => {
    expect(new Set(vectors.map((vector) => vector.name)).size).toBe(10)
  })

  it.each(vectors)('$name', ({ input, personal, salt, canonical, contentHash: hash, pd }) => {
    const content: EventContent = { ...input }
    if (personal) content.pd = personalCommitment(Buffer.from(salt!, 'hex'), canonicalText(personal))
    expect(content.pd ?? null).toBe(pd)
    expect(canonicalText(content)).toBe(canonical)
    expect(contentHash(canonical).toString('hex')).toBe(hash)
    expect(eventSchema.safeParse(JSON.parse(canonical)).success).toBe(true)
  })

  it.each(vectors)('$name, with its keys in any order', ({ input, pd, canonical }) => {
    const reversed = Object.fromEntries(Object.entries({ ...input, ...(pd && { pd }) }).reverse())
    expect(canonicalText(reversed)).toBe(canonical)
  })
})

describe('what has no canonical form is refused', () => {
  it.each([
    ['a fraction', { n: 0.5 }],
    ['an integer that a double cannot hold', { n: 2 ** 53 }],
    ['no number', { n: Number.NaN }],
    ['infinity', { n: Infinity }],
    ['a lone surrogate', { text: 'a\ud800' }],
    ['a lone surrogate in a key', { '\udc00': 1 }],
    ['nothing', undefined],
  ])('%s', (_, value) => {
    expect(() => canonicalText(value)).toThrow(expect.objectContaining({ token: 'VALIDATION' }))
  })

  it('but minus nothing is nothing', () => {
    expect(canonicalText({ n: -0 })).toBe('{"n":0}')
  })
})

describe('the schema of the event', () => {
  const [least] = vectors as [Vector]
  it.each([
    ['a null', { ...least.input, refs: null }],
    ['a key that is not in the list', { ...least.input, email: 'anna@example.org' }],
    ['a fraction', { ...least.input, data: { n: 0.5 } }],
    ['a nested object in data', { ...least.input, data: { n: {} } }],
    ['a commitment that is no hash', { ...least.input, pd: 'anna' }],
  ])('refuses %s', (_, event) => {
    expect(eventSchema.safeParse(event).success).toBe(false)
  })
})
