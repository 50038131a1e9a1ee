import { CELL_LETTERS, CHECK_IDS, type CheckId, type CheckStatus, type DomainStatus } from '#shared/schemas/checks'

/** Order of badness, worst first; what was never looked at comes last. */
export const STATUS_ORDER = ['failing', 'unknown', 'degraded', 'healthy', 'pending'] as const satisfies readonly DomainStatus[]

/** Which letter of a strip wins when several fall together: as for a domain, unknown is worse than a warning. */
const LETTER_ORDER = 'F?WP-.'

export function letterOf(status: CheckStatus): string {
  return CELL_LETTERS[status]
}

/** The status behind a cell's letter; null for `.`. */
export function statusOf(letter: string | undefined): CheckStatus | null {
  const found = Object.entries(CELL_LETTERS).find(([, own]) => own === letter)
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

export interface Change {
  checkId: string
  at: number
  fromStatus: string | null
  toStatus: string
}

export interface Standing {
  checkId: string
  status: CheckStatus
}

/**
 * A strip of letters, oldest first: the worst status of any check in each slot of time. Read backwards from how things stand, so only the
 * changes inside the window are needed.
 * @param changes of the window, any order
 * @param end of the last slot, ms
 */
export function stripOf(standing: Standing[], changes: Change[], window: { end: number; slots: number; slotMs: number }): string {
  const strip = Array<string>(window.slots).fill('.')
  const start = window.end - window.slots * window.slotMs
  const paint = (letter: string, from: number, to: number) => {
    const first = Math.max(0, Math.floor((from - start) / window.slotMs))
    const last = Math.min(window.slots - 1, Math.ceil((to - start) / window.slotMs) - 1)
    for (let i = first; i <= Math.max(first, last) && i < window.slots; i++)
      if (LETTER_ORDER.indexOf(letter) < LETTER_ORDER.indexOf(strip[i]!)) strip[i] = letter
  }
  for (const { checkId, status } of standing) {
    let [letter, until] = [letterOf(status), window.end]
    const own = changes.filter((change) => change.checkId === checkId && change.at >= start && change.at < window.end)
    for (const change of own.sort((a, b) => b.at - a.at)) {
      paint(letter, change.at, until)
      letter = change.fromStatus === null ? '.' : letterOf(change.fromStatus as CheckStatus)
      until = change.at
    }
    paint(letter, start, until)
  }
  return strip.join('')
}
