import { stringify } from 'csv-stringify/sync'
import type { Context } from '#server/platform/context'
import { mutate } from '#server/services/audit'
import { CHECK_IDS } from '#shared/schemas/checks'
import type { DomainSummary, ExportQuery } from '#shared/schemas/overview'
import { overview } from './overview'
import { readTotals } from './read/overview'

/** Cards read at once; another request may come between two of them. */
const PAGE = 500

/** An export that has begun: its text comes in pieces. */
export interface Export {
  contentType: string
  fileName: string
  pieces: AsyncIterable<string>
}

/**
 * Exactly the domains of a filter, in its order, as CSV or JSON. The audit event is written before the first of them leaves.
 * In CSV, cells that a spreadsheet would take for a formula are led by an apostrophe.
 */
export async function exportOverview(ctx: Context, query: ExportQuery): Promise<Export> {
  const { format, sort, q, ...chosen } = query
  const { all } = (await readTotals(ctx, query)).domains
  await mutate(ctx, 'check.exported', () => {
    const data = { format, domains: all, filter: JSON.stringify(chosen), searched: q !== undefined, sort }
    return Promise.resolve({ value: undefined, events: [{ resource: { type: 'overview', id: 'domains' }, data }] })
  })
  const day = new Date(ctx.now()).toISOString().slice(0, 10)
  const { contentType, write } = FORMATS[format]
  return { contentType, fileName: `vigia-domains-${day}.${format}`, pieces: write(pagesOf(ctx, query)) }
}

const FORMATS = {
  csv: { contentType: 'text/csv; charset=utf-8; header=present', write: asCsv },
  json: { contentType: 'application/json', write: asJson },
}

async function* pagesOf(ctx: Context, { format: _, ...query }: ExportQuery): AsyncGenerator<DomainSummary[]> {
  for (let cursor: string | undefined; ;) {
    const { domains, nextCursor } = await overview(ctx, { ...query, view: 'cards', limit: PAGE, cursor })
    yield domains
    if (nextCursor === null) return
    cursor = nextCursor
  }
}

async function* asJson(pages: AsyncIterable<DomainSummary[]>): AsyncGenerator<string> {
  let before = '[\n'
  for await (const domains of pages)
    for (const domain of domains) {
      yield before + JSON.stringify(domain)
      before = ',\n'
    }
  yield before === '[\n' ? '[]\n' : '\n]\n'
}

const COLUMNS = [
  ...['tenant', 'tenant name', 'partner', 'plan', 'domain', 'status', 'score', 'of', 'since', 'last audit'],
  ...CHECK_IDS.flatMap((id) => [id, `${id} reason`]),
]

async function* asCsv(pages: AsyncIterable<DomainSummary[]>): AsyncGenerator<string> {
  yield csv([COLUMNS])
  for await (const domains of pages) yield csv(domains.map(cellsOf))
}

/** RFC 4180 line ends. */
const csv = (rows: unknown[][]) => stringify(rows, { escape_formulas: true, record_delimiter: 'windows' })

function cellsOf({ tenant, domain, status, score, max, since, lastAuditAt, checks }: DomainSummary): unknown[] {
  const verdicts = CHECK_IDS.flatMap((id) => {
    const check = checks.find((one) => one.id === id)
    return [check?.status, check?.reason]
  })
  return [tenant.slug, tenant.name, tenant.partner, tenant.plan, domain, status, score, max, since, lastAuditAt, ...verdicts]
}
