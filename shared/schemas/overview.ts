import { z } from 'zod'
import { CheckId, CheckStatus, DomainStatus } from './checks'

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
