import canonicalize from 'canonicalize'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalText } from '#server/services/audit/canonical'

/** The data of RFC 8785's author; they lie beside the repository and are not part of it. */
const DATA = fileURLToPath(new URL('../../../shared/testdata/jcs-rfc8785', import.meta.url))
const read = (name: string) => readFileSync(join(DATA, name), 'utf8')

/** Audit events hold no fractions, and no integer that a double may have rounded. */
function isOurs(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value)
  return typeof value !== 'object' || value === null || Object.values(value).every(isOurs)
}

/** What an event may hold: texts, whole numbers and flags, as deep as one likes. */
const { value: ours } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    ...[fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.boolean()],
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 6 }),
    fc.array(tie('value'), { maxLength: 6 }),
  ),
}))

it('the canonical text of an event is that of the library for whatever an event may hold', () => {
  fc.assert(fc.property(ours, (value) => canonicalText(value) === canonicalize(value)))
})

/** What is written as it stands, what is not, and the borders between them. */
const mixed = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
    fc.constantFrom('"', '\\', '\x1f', '\x7f', 'é'),
  ),
})

it('a text, and a key, is written as JSON writes it, by whichever way', () => {
  fc.assert(
    fc.property(mixed, (text) => {
      expect(canonicalText(text)).toBe(JSON.stringify(text))
      expect(canonicalText({ [text]: text })).toBe(JSON.stringify({ [text]: text }))
    }),
    { numRuns: 2_000 },
  )
})

it('each of the 65,536 units of a text is written as JSON writes it, or refused as half a pair', () => {
  const wrong: string[] = []
  for (let unit = 0; unit <= 0xffff; unit++) {
    const text = `a${String.fromCharCode(unit)}z`
    const isHalf = unit >= 0xd800 && unit <= 0xdfff
    if (canonicalOrNull(text) !== (isHalf ? null : JSON.stringify(text))) wrong.push(unit.toString(16))
  }
  expect(wrong).toEqual([])
})

/** Null where it is refused. */
function canonicalOrNull(text: string): string | null {
  try {
    return canonicalText(text)
  } catch {
    return null
  }
}

if (existsSync(DATA)) {
  describe('RFC 8785', () => {
    const names = readdirSync(DATA).flatMap((name) => /^input-(.+)\.json$/.exec(name)?.[1] ?? [])
    it.each(names)('%s', (name) => {
      const input = JSON.parse(read(`input-${name}.json`)) as unknown
      expect(Buffer.from(canonicalize(input)!)).toEqual(Buffer.from(read(`output-${name}.json`)))
      if (isOurs(input)) expect(canonicalText(input)).toBe(read(`output-${name}.json`))
      else expect(() => canonicalText(input)).toThrow(expect.objectContaining({ token: 'VALIDATION' }))
    })

    it('writes ten thousand numbers as it says', () => {
      const lines = read('es6-numbers-10000.txt').trim().split('\n')
      expect(lines).toHaveLength(10_000)
      const wrong = lines.filter((line) => {
        const [bits, text] = line.split(',') as [string, string]
        const value = Buffer.from(bits.padStart(16, '0'), 'hex').readDoubleBE()
        return canonicalize(value) !== text
      })
      expect(wrong).toEqual([])
    })
  })
} else {
  it('leaves the RFC 8785 data out, because they are not beside the repository', () => {
    expect(existsSync(DATA)).toBe(false)
  })
}

it.each(['"\\ud800"', '{"a":"\\udfff"}', '{"\\ud83d":1}', '["\\ud83d\\ud83d\\ude00"]'])(
  'refuses the lone surrogate in %s',
  (json) => {
    expect(() => canonicalText(JSON.parse(json))).toThrow(expect.objectContaining({ token: 'VALIDATION' }))
  },
)
