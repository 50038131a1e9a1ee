export interface DiffLine {
  kind: 'del' | 'ins' | 'same'
  text: string
}

/** What stands in the zone against what should: lines to take away, lines to add, lines that may stay. Order as published. */
export function diffRecord(found: readonly string[], value: string): DiffLine[] {
  const wanted = value.split('\n').filter((line) => line !== '')
  const known = new Set(found.map(comparable))
  const kept = new Set(wanted.map(comparable))
  return [
    ...found.filter((text) => !kept.has(comparable(text))).map((text): DiffLine => ({ kind: 'del', text })),
    ...wanted.map((text): DiffLine => ({ kind: known.has(comparable(text)) ? 'same' : 'ins', text })),
  ]
}

/** Neither a final dot nor runs of blanks make another record. */
const comparable = (text: string) => text.trim().replace(/\s+/g, ' ').replace(/\.$/, '')
