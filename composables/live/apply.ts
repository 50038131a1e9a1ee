import type { InfiniteData } from '@tanstack/vue-query'
import { CHECK_IDS } from '#shared/schemas/checks'
import type { DomainSummary, Matrix, Overview } from '#shared/schemas/overview'
import type { LiveCheck } from '#shared/schemas/live'
import { toneLetter } from '#shared/status'

type Pages = InfiniteData<Overview, string>

/** The list with newer summaries in place. Nobody moves: order and membership are the server's and change when it is asked again. */
export const withSummaries = (data: Pages, byId: ReadonlyMap<string, DomainSummary>): Pages =>
  mapDomains(data, (domain) => byId.get(domain.id) ?? domain)

/** The list with one cell as a running check has just found it. */
export const withCheck = (data: Pages, event: LiveCheck): Pages =>
  mapDomains(data, (summary) => {
    const { tenant, domain, checks } = summary
    if (domain !== event.domain || (tenant.slug !== event.tenant && tenant.id !== event.tenant)) return summary
    return {
      ...summary,
      checks: checks.map((check) => (check.id === event.checkId ? { ...check, status: event.status } : check)),
    }
  })

/** The matrix with the cells of newer summaries. */
export function withCells(data: Matrix, byId: ReadonlyMap<string, DomainSummary>): Matrix {
  const rows = sameOr(data.rows, (row) => {
    const summary = byId.get(row[0])
    return summary ? ([row[0], row[1], row[2], cellsOf(summary)] as typeof row) : row
  })
  return rows === data.rows ? data : { ...data, rows }
}

/** The eight letters of a domain, in the order of the columns. */
export const cellsOf = ({ checks }: Pick<DomainSummary, 'checks'>): string =>
  CHECK_IDS.map((id) => checks.find((check) => check.id === id))
    .map((check) => toneLetter(check?.status ?? null, check?.accepted))
    .join('')

function mapDomains(data: Pages, change: (domain: DomainSummary) => DomainSummary): Pages {
  const pages = sameOr(data.pages, (page) => {
    const domains = sameOr(page.domains, change)
    return domains === page.domains ? page : { ...page, domains }
  })
  return pages === data.pages ? data : { ...data, pages }
}

/** As map, but the very same array when no item changed, so that nothing is drawn again. */
function sameOr<T>(items: T[], change: (item: T) => T): T[] {
  let changed = false
  const next = items.map((item) => {
    const after = change(item)
    changed ||= after !== item
    return after
  })
  return changed ? next : items
}
