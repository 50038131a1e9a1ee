import { stringify } from 'csv-stringify/sync'
import { othersTurn } from '#server/platform/breathe'
import type { Context } from '#server/platform/context'
import type { AuditEvent } from '#shared/schemas/audit'
import type { AuditExportQuery, AuditFilter } from '#shared/schemas/audit-filter'
import { mutate } from '../mutate'
import type { Position } from './position'
import { readEvents } from './read-events'
import { admittedUpTo, narrow } from './read-narrowed'
import { lastAdmitted, readPositions } from './read-positions'

/** Events read at once; another request may come between two of them. */
const PAGE = 200

/** An export that has begun: its text comes in pieces, no faster than they are taken. */
export interface AuditExport {
  contentType: string
  fileName: string
  pieces: AsyncIterable<string>
}

/**
 * Exactly what a filter holds now, newest first, any number, as JSON lines or CSV. Two events tell of it: that it began, before the first
 * line leaves, and how many left, also when the reader went away. In CSV, cells that a spreadsheet would take for a formula are led by
 * an apostrophe.
 * @throws ServiceError VALIDATION for a tenant or partner that is not there
 */
export async function exportAudit(ctx: Context, { format, ...filter }: AuditExportQuery): Promise<AuditExport> {
  const narrowed = await narrow(ctx, filter)
  const snapshot = admittedUpTo(narrowed, await lastAdmitted(ctx.db))
  const id = ctx.newId('export')
  const resource = { type: 'audit_export', id }
  await mutate(ctx, 'audit.exported', () =>
    Promise.resolve({ value: undefined, events: [{ resource, data: { format, ...saidOf(filter) } }] }),
  )
  const ended = (events: number, complete: boolean) =>
    mutate(ctx, 'audit.export_ended', () => {
      const outcome = complete ? 'success' : 'failure'
      return Promise.resolve({ value: undefined, events: [{ resource, outcome, data: { format, events, complete } }] })
    })
  const { contentType, write } = FORMATS[format]
  const day = new Date(ctx.now()).toISOString().slice(0, 10)
  return { contentType, fileName: `vigia-audit-${day}.${format}`, pieces: write(pagesOf(ctx, snapshot, ended)) }
}

/** What was asked for; whom it was about is personal data, so that only the keys are told. */
function saidOf({ actor, actorId, actorEmail, ip, q, ...plain }: AuditFilter): { filter: string; personal?: string } {
  const about = Object.entries({ actor, actorId, actorEmail, ip, q }).filter(([, value]) => value !== undefined)
  return { filter: JSON.stringify(plain), ...(about.length > 0 && { personal: about.map(([key]) => key).join(',') }) }
}

type Narrowed = Awaited<ReturnType<typeof narrow>>
type Ended = (events: number, complete: boolean) => Promise<void>

async function* pagesOf(ctx: Context, narrowed: Narrowed, ended: Ended): AsyncGenerator<AuditEvent[]> {
  let [count, complete] = [0, false]
  try {
    for (let before: Position | null = null; ;) {
      const { positions, next }: Awaited<ReturnType<typeof readPositions>> = await readPositions(ctx.db, narrowed, {
        before,
        limit: PAGE,
      })
      const events = readEvents(
        ctx,
        positions.map(({ seq }) => seq),
      )
      count += events.length
      yield events
      complete = next === null
      if (complete) return
      before = next
      await othersTurn()
    }
  } finally {
    await ended(count, complete)
  }
}

const FORMATS = {
  jsonl: { contentType: 'application/x-ndjson; charset=utf-8', write: asLines },
  csv: { contentType: 'text/csv; charset=utf-8; header=present', write: asCsv },
}

async function* asLines(pages: AsyncIterable<AuditEvent[]>): AsyncGenerator<string> {
  for await (const events of pages) if (events.length > 0) yield events.map((event) => `${JSON.stringify(event)}\n`).join('')
}

const COLUMNS = [
  ...['seq', 'at', 'receivedAt', 'action', 'outcome', 'category', 'severity', 'source', 'externalId', 'actorType', 'actorId'],
  ...['actorName', 'actorEmail', 'actorIp', 'actorUserAgent', 'personal', 'resourceType', 'resourceId', 'resourceName'],
  ...['tenantSlug', 'partnerSlug', 'metadata', 'id', 'log', 'index', 'prevHash', 'hash'],
] as const satisfies (keyof AuditEvent)[]

async function* asCsv(pages: AsyncIterable<AuditEvent[]>): AsyncGenerator<string> {
  yield csv([[...COLUMNS]])
  for await (const events of pages) if (events.length > 0) yield csv(events.map(cellsOf))
}

/** RFC 4180 line ends. */
const csv = (rows: unknown[][]) => stringify(rows, { escape_formulas: true, record_delimiter: 'windows' })

const cellsOf = (event: AuditEvent) =>
  COLUMNS.map((column) => (column === 'metadata' ? JSON.stringify(event.metadata) : event[column]))
