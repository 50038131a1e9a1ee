import { CHECK_IDS, type CheckStatus, type DomainSummary } from '#shared/schemas/checks'
import { type Change, statusOf, stripOf } from './cells'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The 24 hours that end with the one that runs now, and the 30 days that end today (UTC). */
export const dayWindow = (now: number) => ({ end: (Math.floor(now / HOUR_MS) + 1) * HOUR_MS, slots: 24, slotMs: HOUR_MS })
export const monthWindow = (now: number) => ({ end: (Math.floor(now / DAY_MS) + 1) * DAY_MS, slots: 30, slotMs: DAY_MS })
export const windowStart = (window: { end: number; slots: number; slotMs: number }) => window.end - window.slots * window.slotMs

export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

/** A domain with its tenant, as the stores read it; times in ms. */
export interface CardRow {
  id: string
  domain: string
  score: number | null
  max: number | null
  status: DomainSummary['status']
  cells: string
  statusSince: number | null
  lastAuditAt: number | null
  tenant: { id: string; slug: string; name: string; plan: string | null; partner: string | null }
}

export interface ReasonRow {
  checkId: string
  status: CheckStatus
  reason: string
}

/** A card as it goes over the wire. `changes` are those of the last 24 hours. */
export function cardOf(row: CardRow, reasons: ReasonRow[], changes: Change[], now: number): DomainSummary {
  return {
    ...{ id: row.id, tenant: row.tenant, domain: row.domain, score: row.score, max: row.max, status: row.status },
    since: isoOrNull(row.statusSince),
    lastAuditAt: isoOrNull(row.lastAuditAt),
    checks: CHECK_IDS.map((id, place) => ({
      id,
      status: statusOf(row.cells[place]),
      reason: reasons.find((reason) => reason.checkId === id)?.reason ?? null,
    })),
    day: stripOf(reasons, changes, dayWindow(now)),
  }
}
