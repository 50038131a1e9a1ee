import type { AuditHistogram } from '#shared/schemas/audit'
import type { AuditFilter } from '#shared/schemas/audit-filter'

export type Bar = Omit<AuditHistogram['bars'][number], 'at'> & { atMs: number }

const MOST_BARS = 400

/** The bars of a histogram, with empty ones up to both ends of the range: what did not happen is seen too. */
export function barsOf({ stepMs, bars }: AuditHistogram, range: Pick<AuditFilter, 'since' | 'until'>, nowMs: number): Bar[] {
  const known = bars.map(({ at, ...counts }) => ({ ...counts, atMs: Date.parse(at) }))
  const first = range.since ? stepAt(Date.parse(range.since), stepMs) : known[0]?.atMs
  const end = range.until ? Date.parse(range.until) - 1 : Math.max(nowMs, known.at(-1)?.atMs ?? 0)
  const count = first === undefined ? 0 : Math.floor((end - first) / stepMs) + 1
  if (first === undefined || count < 1 || count > MOST_BARS) return known
  const byTime = new Map(known.map((bar) => [bar.atMs, bar]))
  return Array.from({ length: count }, (_, n) => {
    const atMs = first + n * stepMs
    return byTime.get(atMs) ?? { atMs, success: 0, failure: 0, partial: 0, pending: 0 }
  })
}

const stepAt = (ms: number, stepMs: number) => Math.floor(ms / stepMs) * stepMs

export const totalOf = ({ success, failure, partial, pending }: Bar) => success + failure + partial + pending

/** Whether the last bar is that of this moment: one of a range that is over is not, nor one of a date in the future. */
export function endsAt(bars: readonly Bar[], stepMs: number, nowMs: number): boolean {
  const last = bars.at(-1)
  return last !== undefined && last.atMs <= nowMs && nowMs < last.atMs + stepMs
}

/** The first and last bar that a stretch of time covers; null when it lies beside them. */
export function barsWithin(bars: readonly Bar[], stepMs: number, { fromMs, toMs }: { fromMs: number; toMs: number }) {
  const first = bars.findIndex(({ atMs }) => atMs + stepMs > fromMs)
  const last = bars.findLastIndex(({ atMs }) => atMs < toMs)
  return first === -1 || last < first ? null : { first, last }
}
