import type { Context } from '#server/platform/context'
import { CHECK_IDS, type CheckStatus } from '#shared/schemas/checks'
import type { DomainSummary } from '#shared/schemas/overview'
import { isAccepted, statusOf } from './cells'
import { stripNow, STRIPS, worstLetter } from './strip'

export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

/** The two strips of a domain as they are stored. */
export interface StripColumns {
  cells: string
  hours: string
  days: string
  stripAt: number | null
}

/** A domain with its tenant, as the stores read it; times in ms. */
export interface CardRow extends StripColumns {
  id: string
  domain: string
  score: number | null
  max: number | null
  status: DomainSummary['status']
  statusSince: number | null
  lastAuditAt: number | null
  tenant: { id: string; slug: string; name: string; plan: string | null; partner: string | null }
}

export interface ReasonRow {
  checkId: string
  status: CheckStatus
  reason: string
  since: number
  checkedAt: number
  knownSince: number | null
  retriedAt: number | null
}

type Clock = Pick<Context, 'now' | 'config'>

/** So many cycles an unknown may last before what was known last is called old. */
const STALE_CYCLES = 3

/** Whether a check has been unknown for three cycles or longer. Never a failure: nothing was said about the domain. */
export function isStale({ status, since }: Pick<ReasonRow, 'status' | 'since'>, { now, config }: Clock): boolean {
  return status === 'unknown' && now() - since >= STALE_CYCLES * config.auditIntervalSec * 1000
}

/** Whether the verdict that stands is what a second look made of a first one that would have turned it. */
export const isRetried = ({ retriedAt, checkedAt }: Pick<ReasonRow, 'retriedAt' | 'checkedAt'>) => retriedAt === checkedAt

/** When the oldest failure that counts began, ms; null when none does. */
export function failingSince(checks: readonly ReasonRow[], cells: string): number | null {
  const failing = checks.filter(({ checkId }) => cells[CHECK_IDS.findIndex((id) => id === checkId)] === 'F')
  return failing.length === 0 ? null : Math.min(...failing.map(({ knownSince, since }) => knownSince ?? since))
}

/** A strip as it reads now: the last 24 hours or 30 days. */
export function stripOfNow(row: StripColumns, kind: 'hours' | 'days', now: number): string {
  return stripNow({ letters: row[kind], at: row.stripAt }, worstLetter(row.cells), now, STRIPS[kind])
}

/** A card as it goes over the wire. */
export function cardOf(row: CardRow, checks: readonly ReasonRow[], clock: Clock): DomainSummary {
  return {
    ...{ id: row.id, tenant: row.tenant, domain: row.domain, score: row.score, max: row.max, status: row.status },
    since: isoOrNull(row.statusSince),
    failingSince: isoOrNull(failingSince(checks, row.cells)),
    lastAuditAt: isoOrNull(row.lastAuditAt),
    checks: CHECK_IDS.map((id, place) => {
      const check = checks.find(({ checkId }) => checkId === id)
      return {
        ...{ id, status: statusOf(row.cells[place]), reason: check?.reason ?? null },
        ...(isAccepted(row.cells[place]) && { accepted: true as const }),
        ...(check && isStale(check, clock) && { stale: true as const }),
        ...(check && isRetried(check) && { retried: true as const }),
      }
    }),
    day: stripOfNow(row, 'hours', clock.now()),
  }
}
