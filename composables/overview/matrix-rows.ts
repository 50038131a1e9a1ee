import { CHECK_IDS, type DomainStatus } from '#shared/schemas/checks'
import type { Matrix } from '#shared/schemas/overview'
import type { OverviewFilters } from './filters'

export type MatrixRow = Matrix['rows'][number]

/** The status of a domain from its cells: failing > unknown > degraded > healthy; what is accepted (small letters) does not count. */
export function statusOfCells(cells: string): DomainStatus {
  if (cells.includes('F')) return 'failing'
  if (cells.includes('?')) return 'unknown'
  if (cells.includes('W')) return 'degraded'
  return /[Pwf-]/.test(cells) ? 'healthy' : 'pending'
}

/** Names of tenants by slug. */
export type TenantNames = Readonly<Record<string, string>>

/**
 * The rows that match text, status and failing check, in their order; the server gives them worst first. 10,000 rows take a few
 * milliseconds, so no server is asked. The text is looked for in domain, slug and name of the tenant, as the server does it.
 */
export function filterMatrix(
  rows: readonly MatrixRow[],
  { q, status, failing, sort }: Partial<OverviewFilters>,
  names: TenantNames = {},
): MatrixRow[] {
  const column = failing ? CHECK_IDS.indexOf(failing) : -1
  const needle = q?.trim().toLowerCase()
  const found = rows.filter(
    (row) =>
      (column === -1 || row[3][column] === 'F') &&
      (!status || statusOfCells(row[3]) === status) &&
      (!needle || holds(row, needle, names)),
  )
  if (sort === 'name') return found.sort(([, , a], [, , b]) => (a < b ? -1 : 1))
  if (sort === 'score') return found.sort(([, , , a], [, , , b]) => scoreShare(a) - scoreShare(b))
  return found
}

const holds = ([, slug, domain]: MatrixRow, needle: string, names: TenantNames) =>
  domain.includes(needle) || slug.includes(needle) || (names[slug] ?? '').toLowerCase().includes(needle)

/** Passed of judged, 0 to 1; past every score when nothing was judged. */
function scoreShare(cells: string): number {
  const judged = cells.replace(/[-.?wf]/g, '')
  return judged === '' ? 2 : judged.replaceAll('F', '').length / judged.length
}
