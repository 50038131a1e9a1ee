import { CHECK_IDS, type DomainStatus, type Matrix } from '#shared/schemas/checks'
import type { OverviewFilters } from './filters'

export type MatrixRow = Matrix['rows'][number]

/** The status of a domain from its cells: failing > unknown > degraded > healthy; nothing ever looked at is pending. */
export function statusOfCells(cells: string): DomainStatus {
  if (cells.includes('F')) return 'failing'
  if (cells.includes('?')) return 'unknown'
  if (cells.includes('W')) return 'degraded'
  return /[P-]/.test(cells) ? 'healthy' : 'pending'
}

/**
 * The rows that match status and failing check, in their order; the server gives them worst first. 10,000 rows take a few
 * milliseconds, so no server is asked.
 */
export function filterMatrix(rows: readonly MatrixRow[], { status, failing, sort }: Partial<OverviewFilters>): MatrixRow[] {
  const column = failing ? CHECK_IDS.indexOf(failing) : -1
  const found = rows.filter(
    ([, , , cells]) => (column === -1 || cells[column] === 'F') && (!status || statusOfCells(cells) === status),
  )
  if (sort === 'name') return found.sort(([, , a], [, , b]) => (a < b ? -1 : 1))
  if (sort === 'score') return found.sort(([, , , a], [, , , b]) => scoreShare(a) - scoreShare(b))
  return found
}

/** Passed of judged, 0 to 1; past every score when nothing was judged. */
function scoreShare(cells: string): number {
  const judged = cells.replace(/[-.?]/g, '')
  return judged === '' ? 2 : judged.replaceAll('F', '').length / judged.length
}
