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

export const DomainSummary = z.object({
  id: z.string(),
  tenant: z.object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    plan: z.string().nullable(),
    partner: z.string().nullable(),
  }),
  domain: z.string(),
  /** X of X/8; null when nothing is known yet. */
  score: z.int().nullable(),
  max: z.int().nullable(),
  status: DomainStatus,
  /** When this status began. */
  since: Timestamp.nullable(),
  lastAuditAt: Timestamp.nullable(),
  /** When the oldest failure that counts began, through any number of unknowns between; null when none does. */
  failingSince: Timestamp.nullable(),
  checks: z.array(
    z.object({
      id: CheckId,
      status: CheckStatus.nullable(),
      reason: z.string().nullable(),
      // These are there only when they are true: a thousand cards have eight checks each.
      /** Somebody accepted what it says: it is not part of score and status. */
      accepted: z.literal(true).optional(),
      /** Unknown for three cycles or longer: what was known last is old. */
      stale: z.literal(true).optional(),
      /** It stands only because a second look did not confirm the first. */
      retried: z.literal(true).optional(),
    }),
  ),
  /** The last 24 hours, oldest first, one letter an hour as in the cells (worst status of the hour; `.` for no data). */
  day: z.string(),
})
export type DomainSummary = z.infer<typeof DomainSummary>

const StatusCounts = z.object({ healthy: z.int(), degraded: z.int(), failing: z.int(), unknown: z.int(), pending: z.int() })
export type StatusCounts = z.infer<typeof StatusCounts>

export const CycleState = z.object({
  intervalSec: z.int(),
  lastAuditAt: Timestamp.nullable(),
  nextDueAt: Timestamp.nullable(),
  /** Why the monitor itself cannot be trusted now (`canary`); null when it can. */
  fault: z.string().nullable(),
  faultSince: Timestamp.nullable(),
})
export type CycleState = z.infer<typeof CycleState>

export const OVERVIEW_SORTS = ['worst', 'name', 'score', 'changed'] as const

/** One trouble of a mail host that hits many of its domains: one banner instead of many red cards; one at most for each host. */
export const Incident = z.object({
  mailHost: z.object({ id: z.string(), name: z.string() }),
  checkId: CheckId,
  /** `unknown` where the trouble hides how the domains stand. */
  status: CheckStatus.extract(['fail', 'unknown']),
  reason: z.string(),
  message: z.string(),
  domains: z.int(),
  since: Timestamp,
})
export type Incident = z.infer<typeof Incident>

export const OverviewQuery = z.object({
  view: z.enum(['cards', 'matrix']).default('cards'),
  q: z.string().trim().max(253).optional(),
  /** This one, in any spelling that normalises to the stored one. */
  domain: z.string().trim().max(400).optional(),
  status: DomainStatus.optional(),
  failing: CheckId.optional(),
  tenant: z.string().optional(),
  partner: z.string().optional(),
  plan: z.string().optional(),
  mailHost: z.string().optional(),
  sort: z.enum(OVERVIEW_SORTS).default('worst'),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
export type OverviewQuery = z.infer<typeof OverviewQuery>

/** What narrows the overview down. */
const OverviewFilter = OverviewQuery.pick({
  ...{ q: true, domain: true, status: true, failing: true, tenant: true, partner: true, plan: true, mailHost: true },
})

export const EXPORT_FORMATS = ['csv', 'json'] as const
export const ExportQuery = OverviewFilter.extend({ sort: OverviewQuery.shape.sort, format: z.enum(EXPORT_FORMATS) })
export type ExportQuery = z.infer<typeof ExportQuery>

export const GROUPINGS = ['partner', 'mailHost', 'failing'] as const
export const GroupBy = z.enum(GROUPINGS)
export type GroupBy = z.infer<typeof GroupBy>
export const GroupsQuery = OverviewFilter.extend({ by: GroupBy })
export type GroupsQuery = z.infer<typeof GroupsQuery>
export const Groups = z.object({
  by: GroupBy,
  groups: z.array(
    z.object({
      /** The value for the filter of the same name; null for the domains that belong to none. */
      key: z.string().nullable(),
      label: z.string().nullable(),
      domains: StatusCounts.extend({ all: z.int() }),
    }),
  ),
})
export type Groups = z.infer<typeof Groups>

/** A look at many domains: those named, or all of a filter (of both, those named that fit it). */
export const BulkRunInput = z
  .object({ ids: z.array(z.string()).min(1).max(1000).optional(), filter: OverviewFilter.optional() })
  .refine(({ ids, filter }) => ids !== undefined || filter !== undefined, { path: ['ids'], message: 'either ids or filter' })
export type BulkRunInput = z.infer<typeof BulkRunInput>
/** `at` names the run: ask with it how many domains still wait. */
export const BulkRun = z.object({ at: Timestamp, total: z.int(), waiting: z.int() })
export type BulkRun = z.infer<typeof BulkRun>
export const BulkRunQuery = z.object({ at: Timestamp })
export const BulkRunWaiting = BulkRun.pick({ waiting: true })

export const Overview = z.object({
  totals: z.object({ domains: StatusCounts.extend({ all: z.int() }), tenants: StatusCounts.extend({ all: z.int() }) }),
  cycle: CycleState,
  incidents: z.array(Incident),
  domains: z.array(DomainSummary),
  nextCursor: z.string().nullable(),
})
export type Overview = z.infer<typeof Overview>

/** `[id, tenant slug, domain, cells]`, up to 10,000 rows. */
export const Matrix = z.object({
  totals: Overview.shape.totals,
  cycle: CycleState,
  checks: z.array(CheckId),
  rows: z.array(z.tuple([z.string(), z.string(), z.string(), z.string()])),
  /** The names of their tenants by slug. */
  names: z.record(z.string(), z.string()),
})
export type Matrix = z.infer<typeof Matrix>

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
  /** What was accepted for this check; it leaves the score while `holds`. */
  deviation: Deviation.nullable(),
})
export type CheckResult = z.infer<typeof CheckResult>

/** The verdict of a check beyond the eight. */
export const ExtendedResult = CheckResult.omit({
  ...{ knownSince: true, stale: true, retried: true, retriedAt: true, deviation: true },
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

/** One record set that a domain should have, beside what it has. */
export const MendRecord = z.object({
  /** `mx`, `spf`, `dkim`, `dmarc`, `webmail`, … */
  kind: z.string(),
  label: z.string(),
  checkId: CheckId,
  name: z.string(),
  type: z.string(),
  found: z.array(z.string()),
  /** Presentation form, one a line, names absolute; empty when only somebody else can say it, or nothing is to be published. */
  wanted: z.array(z.string()),
  /** `unknown`: what stands there could not be seen. */
  state: z.enum(['keep', 'change', 'add', 'unknown']),
  /** The sentence of the check; null where nothing has to change. */
  why: z.string().nullable(),
  note: z.string().nullable(),
  visibleAfterSec: z.int().nullable(),
})
export type MendRecord = z.infer<typeof MendRecord>

/** All that a domain should publish, and what has to change on its mail host. */
export const Mend = z.object({
  tenant: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  domain: z.string(),
  domainId: z.string(),
  mailHost: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** When the present values were seen; null before the first look. */
  asOf: Timestamp.nullable(),
  records: z.array(MendRecord),
  host: z.array(
    z.object({ checkId: CheckId, status: CheckStatus, message: z.string(), summary: z.string(), steps: z.array(z.string()) }),
  ),
  /** All wanted records as a master file (RFC 1035 §5). */
  zoneFile: z.string(),
})
export type Mend = z.infer<typeof Mend>

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
