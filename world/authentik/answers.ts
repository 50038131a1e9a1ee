/** An event as the API tells it; of free form beyond what is named. */
export interface StandInEvent {
  pk: string
  action: string
  /** RFC 3339 with microseconds. */
  created: string
  [key: string]: unknown
}

export interface StandInUser {
  pk: number
  groups: string[]
}

const PAGE_SIZE = 20
const LARGEST_PAGE = 100

export interface ListOptions {
  /** A version without the query language: `search` finds nothing in an event, or is not looked at. */
  filter: 'works' | 'ignored' | 'plain-text'
  /** The server's own time zone, in which the moments of a filter are read. */
  zoneOffsetMs: number
  /** The last page repeats the first event of the first one. */
  repeatsOnLastPage: boolean
}

/** `GET /api/v3/events/events/`; null for a page beyond the end. What is not a known parameter is ignored. */
export function listEvents(all: readonly StandInEvent[], query: URLSearchParams, options: ListOptions): object | null {
  const found = sorted(all.filter(matching(query.get('search'), options)), query.get('ordering') ?? '-created')
  const size = Math.min(Number(query.get('page_size') ?? PAGE_SIZE), LARGEST_PAGE)
  const page = Number(query.get('page') ?? 1)
  const pages = Math.max(1, Math.ceil(found.length / size))
  if (!Number.isInteger(page) || page < 1 || page > pages) return null
  const results = found.slice((page - 1) * size, page * size)
  if (options.repeatsOnLastPage && page === pages && page > 1) results.push(found[0]!)
  const numbers = { count: found.length, current: page, total_pages: pages }
  return {
    pagination: {
      ...{ next: page < pages ? page + 1 : 0, previous: page - 1, ...numbers },
      ...{ start_index: found.length > 0 ? (page - 1) * size + 1 : 0, end_index: Math.min(page * size, found.length) },
    },
    results,
    autocomplete: {},
  }
}

function sorted(events: StandInEvent[], ordering: string): StandInEvent[] {
  const sign = ordering.startsWith('-') ? -1 : 1
  return events.sort((a, b) => sign * (a.created < b.created ? -1 : a.created > b.created ? 1 : 0))
}

/** The query language knows one sentence here; every other expression is plain text, which no event holds. */
function matching(search: string | null, { filter, zoneOffsetMs }: ListOptions): (event: StandInEvent) => boolean {
  if (search === null || filter === 'ignored') return () => true
  const literal = /^created >= "(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)"$/.exec(search)?.[1]
  if (literal === undefined || filter === 'plain-text') return () => false
  const since = Date.parse(`${literal.replace(' ', 'T')}Z`) - zoneOffsetMs
  return ({ created }) => Date.parse(created) >= since
}
