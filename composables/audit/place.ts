import type { RangeId } from '#shared/audit-words'
import { AuditFilter, type AuditViewFilter } from '#shared/schemas/audit-filter'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** The spans that one click chooses. Whole hours are counted from counters, so that a span begins at one where it can. */
export const RANGES = {
  '1h': { label: '1 h', words: 'in the last hour', ms: HOUR_MS, wholeMs: MINUTE_MS },
  '24h': { label: '24 h', words: 'in 24 hours', ms: DAY_MS, wholeMs: HOUR_MS },
  '7d': { label: '7 d', words: 'in 7 days', ms: 7 * DAY_MS, wholeMs: HOUR_MS },
  '30d': { label: '30 d', words: 'in 30 days', ms: 30 * DAY_MS, wholeMs: HOUR_MS },
  all: { label: 'All', words: 'in all', ms: null, wholeMs: HOUR_MS },
} as const satisfies Record<RangeId, { label: string; words: string; ms: number | null; wholeMs: number }>
export const DEFAULT_RANGE: RangeId = '7d'

/** What the timeline shows, as it stands in the URL. */
export interface AuditPlace {
  /** Without a time; the tenant is that of the whole portal's switch. */
  filter: AuditFilter
  /** `custom` is from `since` to `until`. */
  range: RangeId | 'custom'
  since?: string
  until?: string
  /** The stretch picked on the histogram, within the range. */
  from?: string
  to?: string
  /** What the URL asks for and nobody understands, `outcome=bad`: it narrows nothing, which has to be said. */
  ignored: readonly string[]
}

export type PlacePatch = Partial<AuditPlace>
type Query = Record<string, unknown>

const TIMES = ['since', 'until', 'from', 'to'] as const
const FILTERS = (Object.keys(AuditFilter.shape) as (keyof AuditFilter)[]).filter((key) => key !== 'since' && key !== 'until')
/** As other pages call them. */
const NAMES: Partial<Record<keyof AuditFilter, string>> = { tenantSlug: 'tenant', partnerSlug: 'partner' }
const nameOf = (key: keyof AuditFilter) => NAMES[key] ?? key

/** The place of a URL; what is not understood counts as not given, so that an old bookmark still opens, and is named in `ignored`. */
export function readPlace(query: Query): AuditPlace {
  const ignored: string[] = []
  function read<T>(name: string, parse: (text: string) => T | undefined): T | undefined {
    const text = textOf(query[name])
    const value = text === undefined ? undefined : parse(text)
    if (text !== undefined && value === undefined) ignored.push(`${name}=${text}`)
    return value
  }
  const filter: AuditFilter = {}
  for (const key of FILTERS) {
    const value = read(nameOf(key), (text) => AuditFilter.shape[key].safeParse(text).data)
    if (value !== undefined) filter[key] = value
  }
  const [since, until, from, to] = TIMES.map((name) => read(name, (text) => AuditFilter.shape.since.safeParse(text).data))
  const preset = read('range', (text) => (Object.hasOwn(RANGES, text) ? (text as RangeId) : undefined)) ?? DEFAULT_RANGE
  return { filter, range: since || until ? 'custom' : preset, since, until, from, to, ignored }
}

/** A URL query at another place; defaults are left out, and everything that is no part of the place stays. */
export function writePlace(query: Query, place: AuditPlace): Query {
  const next: Query = { ...query }
  for (const key of FILTERS) next[nameOf(key)] = place.filter[key]
  const isCustom = place.range === 'custom'
  next.range = isCustom || place.range === DEFAULT_RANGE ? undefined : place.range
  ;[next.since, next.until] = isCustom ? [place.since, place.until] : []
  ;[next.from, next.to] = [place.from, place.to]
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== ''))
}

/** A place with something of it changed; another range has no stretch of the histogram picked yet. */
export function moved(place: AuditPlace, patch: PlacePatch): AuditPlace {
  const isOtherRange = 'range' in patch || 'since' in patch || 'until' in patch
  return { ...place, ...(isOtherRange && { from: undefined, to: undefined }), ...patch }
}

/** The range of a place as the API takes it; of a span that ends now, `nowMs` says when that is. */
export function windowOf({ range, since, until }: AuditPlace, nowMs: number): Pick<AuditFilter, 'since' | 'until'> {
  if (range === 'custom') return { since, until }
  const { ms, wholeMs } = RANGES[range]
  if (ms === null) return {}
  // An hour in minutes is sixty bars: rounding it down would make it sixty-one, which the server tells in fives.
  const round = wholeMs === MINUTE_MS ? Math.ceil : Math.floor
  return { since: new Date(round((nowMs - ms) / wholeMs) * wholeMs).toISOString() }
}

/** All that narrows the list, time included. */
export function filterOf(place: AuditPlace, nowMs: number): AuditFilter {
  const { since, until } = windowOf(place, nowMs)
  return withoutEmpty({ ...place.filter, since: place.from ?? since, until: place.to ?? until })
}

/** A place as a view keeps it: a span stays a span, so that it ends whenever the view is opened. */
export function viewOf({ filter, range, since, until }: AuditPlace): AuditViewFilter {
  return withoutEmpty({ ...filter, ...(range === 'custom' ? { since, until } : { range }) })
}

/** Where a view leads; one that was kept without a time leaves the range as it is. */
export function placeOf({ range, since, until, ...filter }: AuditViewFilter): PlacePatch {
  if (since || until) return { filter, range: 'custom', since, until }
  return range ? { filter, range, since: undefined, until: undefined } : { filter }
}

/** Whether anything but time narrows the list. */
export const isNarrowed = ({ filter }: AuditPlace) => Object.values(filter).some((value) => value !== undefined)

const withoutEmpty = <Filter extends object>(filter: Filter) =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Filter

function textOf(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' && first !== '' ? first : undefined
}
