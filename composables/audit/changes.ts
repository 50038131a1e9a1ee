type Value = string | number | boolean
type Metadata = Readonly<Record<string, Value>>

/** One thing that is different after the event; null where there was nothing, or is nothing now. */
export interface Change {
  key: string
  before: Value | null
  after: Value | null
}

/** What an event changed, by its `key.before` and `key.after`, and what else it says. */
export function changesOf(metadata: Metadata): { changes: Change[]; facts: [key: string, value: Value][] } {
  const changes = new Map<string, Change>()
  const facts: [string, Value][] = []
  for (const [name, value] of Object.entries(metadata)) {
    const [, key, side] = /^(.+)\.(before|after)$/s.exec(name) ?? []
    if (!key || !side) facts.push([name, value])
    else changes.set(key, { ...(changes.get(key) ?? { key, before: null, after: null }), [side]: value })
  }
  // Of a personal value the event says openly that it changed; where the value itself is shown, that is said already.
  const isTold = (name: string) => changes.has(name.replace(/\.changed$/, ''))
  return { changes: [...changes.values()], facts: facts.filter(([name]) => !name.endsWith('.changed') || !isTold(name)) }
}

/** A value as the lines of a diff: what is a whole of JSON, one member a line where that loses nothing of it; none for nothing. */
export function linesOf(value: Change['before']): string[] {
  if (value === null) return []
  return (structureOf(value) ?? String(value)).split('\n')
}

function structureOf(value: Value): string | null {
  if (typeof value !== 'string' || !/^[{[]/.test(value)) return null
  try {
    const parsed: unknown = JSON.parse(value)
    return JSON.stringify(parsed) === value ? JSON.stringify(parsed, null, 2) : null
  } catch {
    return null
  }
}

/** `mailHostId` as "mail host id", for a label. */
export function keyWords(key: string): string {
  return key
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[._-]+/g, ' ')
    .toLowerCase()
}
