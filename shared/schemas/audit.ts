import { z } from 'zod'
import { AuditOutcome, AuditSeverity } from './audit-filter'

const Hex = z.string().regex(/^[0-9a-f]{64}$/)
const Size = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** Which log of a scope: the newest, or after a restore an earlier one by its number. */
export const LogQuery = z.object({ generation: z.coerce.number().int().min(1).optional() })

export const LogHead = z.object({
  scope: z.string(),
  generation: z.int(),
  /** The name of the log, `p_3` or after a restore `p_3/2`. */
  log: z.string(),
  size: z.int(),
  /** RFC 6962 root over the leaves. */
  root: Hex,
})
export type LogHead = z.infer<typeof LogHead>

export const ConsistencyQuery = LogQuery.extend({ from: Size, to: Size })

export const ConsistencyProof = z.object({
  log: z.string(),
  from: z.int(),
  to: z.int(),
  fromRoot: Hex,
  toRoot: Hex,
  /** RFC 9162 §2.1.4.1, in the order in which a verifier takes them. */
  path: z.array(Hex),
})
export type ConsistencyProof = z.infer<typeof ConsistencyProof>

export const InclusionProof = z.object({
  eventId: z.string(),
  log: z.string(),
  index: z.int(),
  size: z.int(),
  root: Hex,
  /** The event's bytes as they are stored, and the hash that its leaf names. */
  event: z.string(),
  contentHash: Hex,
  /** The leaf's bytes: hash = SHA-256(0x00 || leaf). */
  leaf: z.string(),
  prevHash: Hex,
  hash: Hex,
  /** RFC 9162 §2.1.3.1, the lowest sibling first. */
  path: z.array(Hex),
})
export type InclusionProof = z.infer<typeof InclusionProof>

export const Verdict = z.enum(['intact', 'modified', 'missing', 'reordered', 'forked'])

export const Fault = z.object({
  kind: Verdict.exclude(['intact']),
  /** The first index that it concerns; null when it concerns no leaf. */
  index: z.int().nullable(),
  what: z.string(),
})

export const VerifyReport = z.object({
  verdict: Verdict,
  events: z.int(),
  /** Events that have no place yet: the tail of the last second. */
  unsequenced: z.int(),
  logs: z.array(
    z.object({
      log: z.string(),
      size: z.int(),
      root: Hex,
      verdict: Verdict,
      firstBadIndex: z.int().nullable(),
      faults: z.array(Fault),
      /** Events whose personal data was erased, as an event of the log declares. */
      erased: z.int(),
      /** Leaves that a declared restore lost. */
      lostByRestore: z.int(),
    }),
  ),
  /** What concerns no single log. */
  faults: z.array(Fault),
})

export const Verification = z.object({
  state: z.enum(['never', 'running', 'done', 'failed']),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  progress: z.object({ done: z.int(), total: z.int() }).nullable(),
  report: VerifyReport.nullable(),
})
export type Verification = z.infer<typeof Verification>

/** How unusual an event is, by plain rules, each of them told. */
export const AuditRisk = z.object({
  score: z.int().min(0).max(100),
  isAnomalous: z.boolean(),
  factors: z.array(z.object({ code: z.string(), sentence: z.string(), points: z.int() })),
})
export type AuditRisk = z.infer<typeof AuditRisk>

/** One row of the log as the caller may see it. Personal fields are null where nothing was recorded, or `personal` says `erased`. */
export const AuditEvent = z.object({
  /** The admission number; `at` is what the source claims, `receivedAt` when we had it. */
  seq: z.int(),
  id: z.string(),
  at: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
  action: z.string(),
  category: z.string(),
  severity: AuditSeverity,
  outcome: AuditOutcome,
  source: z.string(),
  externalId: z.string().nullable(),
  actorType: z.string(),
  actorId: z.string(),
  /** Whether there is a person's data behind the event: shown here, erased since, or never recorded. */
  personal: z.enum(['shown', 'erased', 'none']),
  actorName: z.string().nullable(),
  actorEmail: z.string().nullable(),
  actorIp: z.string().nullable(),
  actorUserAgent: z.string().nullable(),
  resourceType: z.string(),
  resourceId: z.string(),
  resourceName: z.string().nullable(),
  tenantId: z.string().nullable(),
  tenantSlug: z.string().nullable(),
  partnerId: z.string().nullable(),
  partnerSlug: z.string().nullable(),
  /** The words of the action, for `sentenceOf`. */
  template: z.string(),
  risk: AuditRisk,
  classification: z.object({
    isPersonalData: z.boolean(),
    regulations: z.array(z.string()),
    retention: z.string(),
  }),
  /** What the action's closed list allows; `key.before` and `key.after` are the two sides of a change. Personal values while they are shown. */
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** The place in its log, null for up to a second after the commit. */
  log: z.string().nullable(),
  index: z.int().nullable(),
  prevHash: Hex.nullable(),
  hash: Hex.nullable(),
})
export type AuditEvent = z.infer<typeof AuditEvent>

/** Newest first, by (at, seq). A page may be short, or empty, while `nextCursor` is set: a page looks at so many events and no more. */
export const AuditPage = z.object({
  events: z.array(AuditEvent),
  /** For `before`; null when the whole range was searched. */
  nextCursor: z.string().nullable(),
  /** Everything that matches from here on is in this page or those before it; null when the whole range was searched. */
  searchedBackTo: z.iso.datetime().nullable(),
})
export type AuditPage = z.infer<typeof AuditPage>

export const AuditEventDetail = z.object({
  event: AuditEvent,
  /** Newest first, few of each. */
  related: z.object({
    request: z.array(AuditEvent),
    resource: z.array(AuditEvent),
    actor: z.array(AuditEvent),
  }),
  /** Where the proof is, once the event has its place. */
  proof: z.string().nullable(),
})
export type AuditEventDetail = z.infer<typeof AuditEventDetail>

const Counts = z.record(z.string(), z.int())

export const AuditStats = z.object({
  total: z.int(),
  /** Outcome failure. */
  failures: z.int(),
  /** Severity medium or high. */
  warnings: z.int(),
  critical: z.int(),
  byCategory: Counts,
  bySeverity: Counts,
  byOutcome: Counts,
  /** When it was counted; kept for a few seconds. */
  asOf: z.iso.datetime(),
  /** The count ends at so many events: it then speaks of what lies after this moment alone. */
  countedBackTo: z.iso.datetime().nullable(),
})
export type AuditStats = z.infer<typeof AuditStats>

/** Volume by outcome, oldest first, without gaps between the first and the last bar. */
export const AuditHistogram = z.object({
  stepMs: z.int(),
  bars: z.array(z.object({ at: z.iso.datetime(), success: z.int(), failure: z.int(), partial: z.int(), pending: z.int() })),
  ...{ asOf: AuditStats.shape.asOf, countedBackTo: AuditStats.shape.countedBackTo },
})
export type AuditHistogram = z.infer<typeof AuditHistogram>
