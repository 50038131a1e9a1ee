import { SourceFault, type SourceWork, type Ticked } from '../../contract'
import type { AuthentikEvent } from './event'
import { groupsOf } from './groups'
import { mapEvent, usersOf } from './map-event'
import { pageOf, type Place } from './pages'
import { momentsOf, readRows, type Row } from './rows'
import type { AuthentikSettings } from './settings'

/** An event is seen when its transaction commits, and is dated when it begins; several workers write at once. */
const OVERLAP_MS = 120_000
const PAGES_PER_TICK = 20
const KNOWN = 500

/** A walk through the pages from one moment on; it may take several ticks. */
interface Pass extends Place {
  /** Milliseconds. */
  begunAt: number
  /** The newest moment seen, in it or before it. */
  newest: number | null
  /** The newest event that is known, when the filter did not show it. */
  missed?: string
  isFilterIgnored?: boolean
}

export interface Cursor {
  /** The newest moment that a finished pass has seen, and no later than it began: an event may be dated in the future. */
  newest: number | null
  /** What was read of the time that the next pass begins with again, by moment. The log itself knows all the others. */
  known: Record<string, number>
  /** Unfinished: its page was read. */
  pass: Pass | null
}

type Work = SourceWork<AuthentikSettings, Cursor>

/**
 * Reads what is new, oldest first, by the filter on `created`. The filter is believed only when it shows the newest event that is known:
 * one that is ignored, taken for plain text or read in another time zone gives an answer like any other. Then the newest events are read
 * backwards to where the last pass ended.
 */
export async function poll(work: Work): Promise<Ticked> {
  const startedAt = work.ctx.now()
  let cursor = work.cursor ?? { newest: null, known: {}, pass: null }
  let pass = cursor.pass ? resumed(cursor.pass) : begun(cursor, startedAt)
  for (let pages = 0, before: Row[] = []; pages < PAGES_PER_TICK; pages++) {
    const { rows: raw, isLast } = await pageOf(work, pass)
    const rows = readRows(raw, pass.newest ?? startedAt)
    if (pages === 0 && !isBelievable(pass, rows, cursor)) {
      pass = backwards(pass, rows, cursor)
      continue
    }
    refuseStandstill(pass, { before, rows, isLast })
    const isDone = isLast || isPast(pass, rows)
    pass = { ...pass, newest: latest([pass.newest, ...momentsOf(rows)]), isFilterIgnored: isIgnored(pass, rows) }
    const known = cursor.known
    cursor = {
      newest: isDone ? reached(pass) : cursor.newest,
      known: remembered(known, rows, reached(pass)),
      pass: isDone ? null : pass,
    }
    await store(work, {
      rows: rows.filter(({ key }) => !Object.hasOwn(known, key)),
      cursor,
      ...completeOf(pass, isDone),
    })
    if (isDone) return { note: noteOf(pass) }
    pass = { ...pass, page: pass.page + 1 }
    before = rows
  }
  return { more: true, note: noteOf(pass) }
}

const noteOf = ({ isFilterIgnored }: Pass) => (isFilterIgnored ? 'filter-ignored' : null)

const wholeSecond = (ms: number) => Math.floor(ms / 1_000) * 1_000

const begun = ({ newest }: Cursor, begunAt: number): Pass => ({
  ...{ order: 'oldest-first', page: 1, newest, begunAt },
  since: newest === null ? null : wholeSecond(newest - OVERLAP_MS),
})

/** The page that was read last comes again: rows may have gone, and what followed have moved up. */
function resumed(pass: Pass): Pass {
  const since = pass.newest === null ? null : wholeSecond(pass.newest) - 1_000
  const hasMoved = pass.order === 'oldest-first' && since !== null && since > (pass.since ?? -Infinity)
  // From the last moment rather than by page number: far pages are slow, and shift when old rows expire.
  return hasMoved ? { ...pass, since, page: 1 } : pass
}

function isBelievable(pass: Pass, rows: Row[], { known }: Cursor): boolean {
  if (pass.order === 'newest-first' || pass.since === null || pass.page > 1) return true
  const [first] = momentsOf(rows)
  if (first === undefined || first < pass.since) return false
  return first <= (pass.newest ?? Infinity) || rows.some(({ key }) => Object.hasOwn(known, key))
}

/** Without the filter, from the newest event down to where the pass was to begin. */
function backwards(pass: Pass, shown: Row[], { known }: Cursor): Pass {
  const [newest] = Object.entries(known).reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0])
  const isFilterIgnored = momentsOf(shown).some((at) => at < (pass.since ?? -Infinity))
  return { ...pass, order: 'newest-first', page: 1, missed: newest, isFilterIgnored }
}

/** Nothing is wrong with a filter that does not show what is no longer there. */
const isIgnored = ({ isFilterIgnored, missed }: Pass, rows: Row[]) =>
  isFilterIgnored === true || rows.some(({ key }) => key === missed)

/**
 * @throws SourceFault when a page is empty and not the last, or the one before it again, or the newest come last: the former would never
 * end, the last too early
 */
function refuseStandstill(pass: Pass, { before, rows, isLast }: { before: Row[]; rows: Row[]; isLast: boolean }): void {
  const isEmpty = rows.length === 0 && !isLast
  const same = rows.length > 0 && rows.length === before.length && rows.every(({ key }, i) => key === before[i]!.key)
  const moments = momentsOf(rows)
  // By more than one step: a last page may repeat an event of the first one.
  const rises = moments.slice(1).reduce((sum, at, i) => sum + Math.sign(at - moments[i]!), 0)
  const isUpsideDown = pass.order === 'newest-first' && rises > 1
  if (isEmpty || same || isUpsideDown) throw new SourceFault('unexpected-answer')
}

const isPast = ({ order, since }: Pass, rows: Row[]) =>
  order === 'newest-first' && since !== null && momentsOf(rows).some((at) => at < since)

const latest = (moments: (number | null)[]) => moments.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null)

function remembered(known: Cursor['known'], rows: Row[], newest: number | null): Cursor['known'] {
  const all = [...Object.entries(known), ...rows.map(({ key, at }) => [key, at] as const)]
  return Object.fromEntries(all.filter(([, at]) => newest === null || at >= newest - OVERLAP_MS - 1_000).slice(-KNOWN))
}

/** How far a pass has come: what is dated later than it began says nothing of what came before that. */
const reached = ({ newest, begunAt }: Pass) => (newest === null ? null : Math.min(newest, begunAt))

function completeOf(pass: Pass, isDone: boolean): { completeTo?: number } {
  if (isDone) return { completeTo: pass.begunAt - OVERLAP_MS }
  // Backwards the newest are read first: of what came since then it knows nothing.
  const to = pass.order === 'oldest-first' ? reached(pass) : null
  return to === null ? {} : { completeTo: to - OVERLAP_MS }
}

async function store(work: Work, { rows, ...rest }: { rows: Row[]; cursor: Cursor; completeTo?: number }): Promise<void> {
  const events = rows.flatMap((row) => ('event' in row ? [row.event] : []))
  const rejects = rows.flatMap((row) => ('reject' in row ? [row.reject] : []))
  const mapped = await mappedEvents(work, events)
  await work.append({ events: mapped.sort((a, b) => a.at - b.at), rejects, ...rest })
}

async function mappedEvents(work: Work, events: AuthentikEvent[]) {
  const { ctx, settings } = work
  const world = {
    groupsOf: await groupsOf(work, events.flatMap(usersOf)),
    groupPrefix: settings.groupPrefix ?? '',
    pseudonym: (name: string) => ctx.secrets.tag('authentik-user', name).slice(0, 16),
  }
  return events.map((event) => mapEvent(event, world))
}
