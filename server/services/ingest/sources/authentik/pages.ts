import { SourceFault } from '../../contract'
import { type Asking, askJson } from './ask'
import { EventPage } from './event'

const PAGE_SIZE = 100
/** A page that is too large is asked for in so many smaller ones. */
const PARTS = 10

/** Stands for an event that is too large to be read by itself: it must not hold up all that come after it. */
export const TOO_LARGE = Symbol('too large')

/** What is asked for. */
export interface Place {
  order: 'oldest-first' | 'newest-first'
  /**
   * Milliseconds; null for all. Oldest first the server filters, newest first we do. Whole seconds: the language of the filter knows no
   * fractions.
   */
  since: number | null
  page: number
}

/**
 * One page of events, with `TOO_LARGE` in place of what cannot be read; one beyond the end is empty.
 * @throws SourceFault
 */
export async function pageOf(asking: Asking, place: Place, size = PAGE_SIZE): Promise<Page> {
  try {
    return await askPage(asking, place, size)
  } catch (error) {
    if (!(error instanceof SourceFault) || error.token !== 'too-large') throw error
    return size < PARTS ? { rows: [TOO_LARGE], isLast: false } : inParts(asking, place, size)
  }
}

interface Page {
  rows: unknown[]
  isLast: boolean
}

async function inParts(asking: Asking, place: Place, size: number): Promise<Page> {
  const rows: unknown[] = []
  for (let part = 1; part <= PARTS; part++) {
    const page = await pageOf(asking, { ...place, page: (place.page - 1) * PARTS + part }, size / PARTS)
    rows.push(...page.rows)
    if (page.isLast) return { rows, isLast: true }
  }
  return { rows, isLast: false }
}

async function askPage(asking: Asking, place: Place, size: number): Promise<Page> {
  const answer = await askJson(asking, `events/events/?${queryOf(place, size)}`)
  if (answer === null && place.page > 1) return { rows: [], isLast: true }
  const page = EventPage.safeParse(answer)
  if (!page.success) throw new SourceFault('unexpected-answer')
  const { pagination, results } = page.data
  return { rows: results, isLast: pagination.next <= place.page }
}

function queryOf({ order, since, page }: Place, size: number): URLSearchParams {
  const query = new URLSearchParams({
    ordering: order === 'oldest-first' ? 'created' : '-created',
    page: String(page),
    page_size: String(size),
  })
  // `YYYY-MM-DD HH:MM:SS` in double quotes: anything else is searched for as plain text, and nothing is found.
  // Backwards is how to do without the filter.
  if (since !== null && order === 'oldest-first')
    query.set('search', `created >= "${new Date(since).toISOString().slice(0, 19).replace('T', ' ')}"`)
  return query
}
