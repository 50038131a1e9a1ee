import { AUDIT_QUERY_KEYS } from '#shared/audit-query'
import { CATEGORIES, SEVERITIES } from '#shared/audit-words'
import { ActorType, AuditOutcome } from '#shared/schemas/audit-filter'

/** Values that are known for a key of the typed query. */
export type KnownValues = Readonly<Record<string, readonly string[]>>

export interface Completion {
  /** What is offered. */
  text: string
  /** The whole query with it taken, and where the caret goes. */
  query: string
  caret: number
}

const FIXED: KnownValues = {
  outcome: AuditOutcome.options,
  severity: SEVERITIES,
  category: CATEGORIES,
  'actor-type': ActorType.options,
  risk: ['30', '60'],
}
const MOST = 8

/** What the word at the caret may become: a key, or a value of its key; after a comma the next value. */
export function completionsOf(query: string, caret: number, known: KnownValues): Completion[] {
  const before = query.slice(0, caret)
  const start = before.search(/\S*$/)
  const word = before.slice(start)
  const end = caret + /^\S*/.exec(query.slice(caret))![0].length
  const take = (text: string, whole: string): Completion => {
    const head = `${query.slice(0, start)}${whole}`
    return { text, query: head + query.slice(end), caret: head.length }
  }
  const colon = word.indexOf(':')
  if (colon === -1) return word === '' ? [] : keysFor(word).map((key) => take(`${key}:`, `${key}:`))
  const [key, given] = [word.slice(0, colon), word.slice(colon + 1)]
  const comma = given.lastIndexOf(',') + 1
  const [taken, typed] = [given.slice(0, comma), given.slice(comma)]
  const chosen = taken.split(',')
  return (FIXED[key] ?? known[key] ?? [])
    .filter((value) => value.startsWith(typed) && value !== typed && !chosen.includes(value))
    .slice(0, MOST)
    .map((value) => take(value, `${key}:${taken}${quoted(value)}`))
}

const keysFor = (word: string) => AUDIT_QUERY_KEYS.filter((key) => key.startsWith(word.toLowerCase())).slice(0, MOST)
const quoted = (value: string) => (/[\s"\\]/.test(value) ? `"${value.replace(/["\\]/g, (sign) => `\\${sign}`)}"` : value)
