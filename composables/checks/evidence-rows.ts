import type { Evidence, LookupEvidence } from '#shared/schemas/checks'

/** One fact of the evidence. `mono` marks raw text that is shown as it came. */
export interface EvidenceRow {
  label: string
  lines: string[]
  mono: boolean
}

/** The evidence as groups of facts: one for each question asked, one for each connection, one for what was judged. */
export function evidenceGroups(evidence: Evidence): EvidenceRow[][] {
  const shown = new Set(evidence.lookups.flatMap((lookup) => lookup.values))
  const judged = Object.entries(evidence.found).flatMap(([key, value]) => judgedRow(key, value, shown))
  return [...withoutRepeats(evidence.lookups).map(lookupRows), ...connectionRows(evidence), judged].filter(
    (group) => group.length > 0,
  )
}

/** A question that was asked again and answered the same from the cache tells nothing new. */
function withoutRepeats(lookups: LookupEvidence[]): LookupEvidence[] {
  const told = new Set<string>()
  return lookups.filter(({ name, type, outcome, values, servers, notes }) => {
    const answer = JSON.stringify([name, type, outcome, values, servers, notes.filter((note) => note !== 'cached')])
    if (told.has(answer)) return false
    told.add(answer)
    return true
  })
}

function lookupRows(lookup: LookupEvidence): EvidenceRow[] {
  return [
    row('Asked', [`${lookup.name} ${lookup.type}`], true),
    row('Answered', [answeredBy(lookup)]),
    row('Alias', lookup.cnames.length > 0 ? [[lookup.name, ...lookup.cnames].join(' → ')] : [], true),
    row(lookup.values.length === 1 ? 'Record' : 'Records', lookup.values, true),
    row('Note', lookup.notes),
  ].filter((item) => item.lines.length > 0)
}

/** The code as DNS has it, where it has one. */
function codeOf(outcome: string): string {
  if (outcome === 'answer') return 'NOERROR'
  return outcome === 'nodata' ? 'NOERROR, no such record' : outcome.toUpperCase()
}

/** `192.0.2.53, confirmed by 198.51.100.53 · NOERROR · TTL 3600`; each server with its own word when they disagree. */
function answeredBy({ servers, outcome, ttl }: LookupEvidence): string {
  const word = codeOf(outcome)
  if (servers.some((server) => server.outcome !== outcome))
    return servers.map((server) => `${server.server}: ${codeOf(server.outcome)}`).join(', ')
  const [first, ...others] = servers.map((server) => server.server)
  const who = first === undefined ? [] : [others.length > 0 ? `${first}, confirmed by ${others.join(', ')}` : first]
  return [...who, word, ...(ttl > 0 ? [`TTL ${ttl}`] : [])].join(' · ')
}

function connectionRows({ connections }: Evidence): EvidenceRow[][] {
  return connections.map((connection) => [
    row('Connected', [connection.target], true),
    ...(connection.address === connection.target ? [] : [row('Address', [connection.address], true)]),
    row('Result', [`${connection.result} · ${connection.latencyMs} ms`]),
  ])
}

/** What was judged, one fact a line, for a comparison of two moments. */
export const foundLines = (found: Evidence['found']): string[] =>
  Object.entries(found).flatMap(([key, value]) =>
    judgedRow(key, value, new Set()).flatMap(({ label, lines }) => lines.map((line) => `${label}: ${line}`)),
  )

/** Drawn as a figure of its own: what an SPF record costs. */
const DRAWN = ['tree', 'lookups', 'voids']

function judgedRow(key: string, value: unknown, shown: ReadonlySet<string>): EvidenceRow[] {
  const lines = DRAWN.includes(key) ? [] : linesOf(value)
  if (lines.length === 0 || lines.every((line) => shown.has(line))) return []
  return [row(words(key), lines, typeof value === 'object')]
}

function linesOf(value: unknown): string[] {
  if (value === null || value === undefined || value === '') return []
  if (typeof value === 'boolean') return [value ? 'yes' : 'no']
  if (Array.isArray(value)) return value.map((item) => (typeof item === 'object' ? JSON.stringify(item) : String(item)))
  if (typeof value === 'object')
    return Object.entries(value).flatMap(([key, inner]) => (isRecord(inner) ? [key, ...indented(inner)] : [fact(key, inner)]))
  return [String(value)]
}

const isRecord = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
const fact = (key: string, value: unknown) => `${key}: ${linesOf(value).join(', ') || 'none'}`
const indented = (value: unknown) => linesOf(value).map((line) => `  ${line}`)

/** `notAfter` → `Not after`. */
function words(key: string): string {
  const text = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]/g, ' ')
    .toLowerCase()
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const row = (label: string, lines: string[], mono = false): EvidenceRow => ({ label, lines, mono })
