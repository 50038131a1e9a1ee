import { AuditFilter } from './schemas/audit-filter'

/** The keys of the typed query, `tenant:acme`, and what they filter by. */
const KEYS = {
  since: 'since',
  until: 'until',
  action: 'action',
  category: 'category',
  severity: 'severity',
  outcome: 'outcome',
  source: 'source',
  actor: 'actor',
  'actor-id': 'actorId',
  email: 'actorEmail',
  'actor-type': 'actorType',
  ip: 'ip',
  resource: 'resourceType',
  'resource-id': 'resourceId',
  tenant: 'tenantSlug',
  partner: 'partnerSlug',
  request: 'requestId',
  external: 'externalId',
  risk: 'risk',
} as const satisfies Record<string, Exclude<keyof AuditFilter, 'q'>>

export const AUDIT_QUERY_KEYS = Object.keys(KEYS) as (keyof typeof KEYS)[]

/** A word that is not understood, where it stands in the text, and why. */
export interface QueryFault {
  word: string
  at: number
  message: string
}

export interface ParsedQuery {
  /** What was understood. */
  filter: AuditFilter
  faults: QueryFault[]
}

/** `key:value`, `key:"a value"`, `"a word"` or a word; a quote and a backslash within quotes are led by a backslash. */
const WORD = /(?:([A-Za-z-]+):)?(?:"((?:[^"\\]|\\.)*)"|(\S+))/gy

/** Reads a typed query: `action:tenant.* outcome:failure actor:anna@ acme`. Words without a key are free text. */
export function parseAuditQuery(text: string): ParsedQuery {
  const filter: Record<string, string> = {}
  const faults: QueryFault[] = []
  const free: string[] = []
  for (const { word, at, key, value } of wordsOf(text)) {
    const fault = (message: string) => faults.push({ word, at, message })
    if (key === undefined) free.push(value)
    else if (!Object.hasOwn(KEYS, key))
      fault(`There is no key ${key}: use ${AUDIT_QUERY_KEYS.join(', ')}, or put the word in quotes`)
    else {
      const name = KEYS[key as keyof typeof KEYS]
      const parsed = AuditFilter.shape[name].safeParse(value)
      if (name in filter) fault(`${key} is given twice: separate alternatives by a comma`)
      else if (parsed.success && value !== '') filter[name] = parsed.data!
      else fault(`${key} takes ${parsed.error?.issues[0]?.message ?? 'a value'}`)
    }
  }
  const q = AuditFilter.shape.q.safeParse(free.length > 0 ? free.join(' ') : undefined)
  if (q.success) return { filter: { ...filter, ...(q.data !== undefined && { q: q.data }) }, faults }
  return { filter, faults: [...faults, { word: free.join(' '), at: 0, message: 'Free text has 1 to 200 characters' }] }
}

interface Word {
  word: string
  at: number
  key?: string
  value: string
}

function wordsOf(text: string): Word[] {
  const words: Word[] = []
  for (let at = 0; ;) {
    at += /^\s*/.exec(text.slice(at))![0].length
    WORD.lastIndex = at
    const match = WORD.exec(text)
    if (!match) return words
    const [word, key, quoted, plain] = match
    words.push({ word, at, key, value: quoted === undefined ? plain! : quoted.replace(/\\(.)/gs, '$1') })
    at += word.length
  }
}

/** The query that says the same as the filter. */
export function formatAuditQuery(filter: AuditFilter): string {
  const keyed = AUDIT_QUERY_KEYS.flatMap((key) => {
    const value = filter[KEYS[key]]
    return value === undefined ? [] : [`${key}:${quotedWhere(/[\s"\\]/, value)}`]
  })
  return [
    ...keyed,
    ...(filter.q ?? '')
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => quotedWhere(/[:"\\]/, word)),
  ].join(' ')
}

const quotedWhere = (needed: RegExp, value: string) =>
  needed.test(value) ? `"${value.replace(/["\\]/g, (sign) => `\\${sign}`)}"` : value
