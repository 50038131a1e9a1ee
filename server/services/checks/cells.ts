import { CELL_LETTERS, CHECK_IDS, type CheckId, type CheckStatus, type DomainStatus } from '#shared/schemas/checks'

/** Order of badness, worst first; what was never looked at comes last. */
export const STATUS_ORDER = ['failing', 'unknown', 'degraded', 'healthy', 'pending'] as const satisfies readonly DomainStatus[]

/** The letter of a status; small where somebody accepted it. */
export function letterOf(status: CheckStatus, accepted = false): string {
  return accepted ? CELL_LETTERS[status].toLowerCase() : CELL_LETTERS[status]
}

/** Whether a cell's letter says that its warning or failure was accepted. */
export function isAccepted(letter: string | undefined): boolean {
  return letter === 'w' || letter === 'f'
}

/** The status behind a cell's letter, accepted or not; null for `.`. */
export function statusOf(letter: string | undefined): CheckStatus | null {
  const found = Object.entries(CELL_LETTERS).find(([, own]) => own === letter?.toUpperCase())
  return (found?.[0] as CheckStatus | undefined) ?? null
}

/** The status of one check by a domain's cells; null when it was never looked at. */
export function statusIn(cells: string, check: CheckId): CheckStatus | null {
  return statusOf(cells[CHECK_IDS.indexOf(check)])
}

/** The cells of verdicts as they stand, in registry order. */
export function cellsOf(results: readonly Standing[]): string {
  return CHECK_IDS.map((id) => results.find((result) => result.checkId === id)).reduce(
    (cells, result) => cells + (result ? letterOf(result.status) : '.'),
    '',
  )
}

/** 1-based place of a check's letter in `cells`. */
export function cellPlace(check: CheckId): number {
  return CHECK_IDS.indexOf(check) + 1
}

export interface Standing {
  checkId: string
  status: CheckStatus
}
