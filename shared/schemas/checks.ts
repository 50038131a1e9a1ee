import { z } from 'zod'
import { Deviation } from './deviations'
import { ExtendedId, ExtendedStatus } from './extended'

/** The eight checks in their fixed order: the cells of a card, the columns of the matrix. */
export const CHECK_IDS = [
  'carbonio',
  'nginx_vhost',
  'cert_le',
  'dns_mx',
  'dns_spf',
  'dns_dkim',
  'dns_dmarc',
  'webmail_http',
] as const
export const CheckId = z.enum(CHECK_IDS)
export type CheckId = z.infer<typeof CheckId>

/** A check of the eight, or one beyond. */
export const AnyCheckId = z.union([CheckId, ExtendedId])
export type AnyCheckId = z.infer<typeof AnyCheckId>

export const CHECK_LABELS: Record<CheckId, { short: string; long: string }> = {
  carbonio: { short: 'Mail', long: 'Mail host' },
  nginx_vhost: { short: 'VHost', long: 'Virtual host' },
  cert_le: { short: 'Cert', long: 'Certificate' },
  dns_mx: { short: 'MX', long: 'MX' },
  dns_spf: { short: 'SPF', long: 'SPF' },
  dns_dkim: { short: 'DKIM', long: 'DKIM' },
  dns_dmarc: { short: 'DMARC', long: 'DMARC' },
  webmail_http: { short: 'Web', long: 'Webmail' },
}

export const CheckStatus = z.enum(['pass', 'warn', 'fail', 'unknown', 'skipped'])
export type CheckStatus = z.infer<typeof CheckStatus>

/** `pending`: never looked at. Order of badness: failing > unknown > degraded > healthy. */
export const DomainStatus = z.enum(['failing', 'unknown', 'degraded', 'healthy', 'pending'])
export type DomainStatus = z.infer<typeof DomainStatus>

/**
 * The letter of one cell in `cells` and in the matrix; `.` is a check that was never looked at. A warning or failure that somebody
 * accepted is written small (`w`, `f`): it is shown, and does not count.
 */
export const CELL_LETTERS = { pass: 'P', warn: 'W', fail: 'F', unknown: '?', skipped: '-' } as const satisfies Record<
  CheckStatus,
  string
>

const Timestamp = z.iso.datetime()

/** What to publish or do. `record` is ready to paste; `found` is what stands there now. */
export const Fix = z.object({
  summary: z.string(),
  record: z.object({ name: z.string(), type: z.string(), value: z.string(), found: z.array(z.string()) }).nullable(),
  steps: z.array(z.string()),
  /** Seconds until a change is seen everywhere: the TTL or negative TTL that was answered. */
  visibleAfterSec: z.int().nullable(),
})
export type Fix = z.infer<typeof Fix>

/** One DNS question and who said what. */
export const LookupEvidence = z.object({
  name: z.string(),
  type: z.string(),
  outcome: z.string(),
  values: z.array(z.string()),
  cnames: z.array(z.string()),
  ttl: z.int(),
  servers: z.array(z.object({ server: z.string(), outcome: z.string() })),
  notes: z.array(z.string()),
})
export type LookupEvidence = z.infer<typeof LookupEvidence>

/** One connection and what came back. */
export const ConnectionEvidence = z.object({
  target: z.string(),
  address: z.string(),
  result: z.string(),
  latencyMs: z.int(),
})
export type ConnectionEvidence = z.infer<typeof ConnectionEvidence>

/** `found` is the stable part: a change in it is a transition. The rest may differ at every look. */
export const Evidence = z.object({
  lookups: z.array(LookupEvidence),
  connections: z.array(ConnectionEvidence),
  found: z.record(z.string(), z.unknown()),
})
export type Evidence = z.infer<typeof Evidence>

export const CheckResult = z.object({
  checkId: CheckId,
  status: CheckStatus,
  reason: z.string(),
  message: z.string(),
  /** The rule, with its clause, that decided; null where no standard says it. */
  rule: z.string().nullable(),
  evidence: Evidence,
  latencyMs: z.int(),
  checkedAt: Timestamp,
  since: Timestamp,
  lastKnown: z.object({ status: CheckStatus, reason: z.string(), checkedAt: Timestamp }).nullable(),
  fix: Fix.nullable(),
  /** When the verdict that is known (this one, or `lastKnown`) began, through any number of unknowns between. */
  knownSince: Timestamp.nullable(),
  /** Unknown for three cycles or longer: what was known last is old. Never a failure. */
  stale: z.boolean(),
  /** It stands only because a second look, seconds after the first, did not confirm a change; and when that last happened. */
  retried: z.boolean(),
  retriedAt: Timestamp.nullable(),
  /** What was accepted for this check; it leaves the score while `holds` (a check beyond the eight is in none). */
  deviation: Deviation.nullable(),
})
export type CheckResult = z.infer<typeof CheckResult>

/** The verdict of a check beyond the eight. */
export const ExtendedResult = CheckResult.omit({
  ...{ knownSince: true, stale: true, retried: true, retriedAt: true },
}).extend({
  checkId: ExtendedId,
  status: ExtendedStatus,
  lastKnown: z.object({ status: ExtendedStatus, reason: z.string(), checkedAt: Timestamp }).nullable(),
})
export type ExtendedResult = z.infer<typeof ExtendedResult>

export const Scorecard = z.object({
  tenant: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  domain: z.string(),
  domainId: z.string(),
  mailHost: z.object({ id: z.string(), name: z.string() }).nullable(),
  score: z.int().nullable(),
  max: z.int().nullable(),
  status: DomainStatus,
  since: Timestamp.nullable(),
  /** When the oldest failure that counts began, through any number of unknowns between; null when none does. */
  failingSince: Timestamp.nullable(),
  lastAuditAt: Timestamp.nullable(),
  nextDueAt: Timestamp,
  activeRunId: z.string().nullable(),
  checks: z.array(CheckResult),
  /** The checks beyond the eight that are on and were looked at. */
  extended: z.array(ExtendedResult),
  /** The last 24 hours, oldest first, one letter an hour as in the cells. */
  day: z.string(),
  /** The last 30 days, oldest first, one letter a day as in the cells. */
  month: z.string(),
  /** Latest changes of status, newest first, 50 at most. */
  history: z.array(
    z.object({
      at: Timestamp,
      checkId: CheckId,
      from: CheckStatus.nullable(),
      to: CheckStatus,
      reason: z.string(),
      message: z.string(),
    }),
  ),
})
export type Scorecard = z.infer<typeof Scorecard>

export const RunStatus = z.enum(['queued', 'running', 'done', 'failed'])
export const Run = z.object({
  runId: z.string(),
  status: RunStatus,
  done: z.int(),
  total: z.int(),
  /** Present when `status` is done: the confirmed verdicts. */
  results: z
    .array(
      z.object({
        domain: z.string(),
        score: z.int().nullable(),
        max: z.int().nullable(),
        status: DomainStatus,
        checks: z.array(z.object({ id: CheckId, status: CheckStatus, reason: z.string() })),
      }),
    )
    .optional(),
})
export type Run = z.infer<typeof Run>

/** `domain` in any spelling that normalises to the stored one. */
export const ScorecardQuery = z.object({ domain: z.string().trim().min(1).max(400).optional() })
export const RunStarted = z.object({ runId: z.string() })
