import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { mailHosts, tenants } from './tenants'

/** A mail domain of a tenant. The second half is written by check runs alone and is not part of `version`. */
export const auditDomains = sqliteTable(
  'audit_domains',
  {
    id: text('id').primaryKey(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    domain: text('domain').notNull(),
    mailHostId: text('mail_host_id').references(() => mailHosts.id),
    dkim: text('dkim', { mode: 'json' }).$type<{ selector: string; publicKey?: string }[]>().notNull(),
    sends: integer('sends', { mode: 'boolean' }).notNull().default(true),
    receives: integer('receives', { mode: 'boolean' }).notNull().default(true),
    webmailHost: text('webmail_host'),
    source: text('source', { enum: ['onboarding', 'manual'] }).notNull(),
    createdAt: integer('created_at').notNull(),
    deletedAt: integer('deleted_at'),
    version: integer('version').notNull().default(1),

    status: text('status', { enum: ['failing', 'unknown', 'degraded', 'healthy', 'pending'] })
      .notNull()
      .default('pending'),
    /** X and 8 of X/8; both null until something is known. */
    score: integer('score'),
    max: integer('max'),
    /** One letter a check in registry order: P W F ? - and `.` for not looked at yet. */
    cells: text('cells').notNull().default('........'),
    lastAuditAt: integer('last_audit_at'),
    statusSince: integer('status_since'),
    /** The worst status of each of the last 24 hours and 30 days (UTC), oldest first, one letter each; as they stood at `stripAt`. */
    hours: text('hours').notNull().default(''),
    days: text('days').notNull().default(''),
    stripAt: integer('strip_at'),
    nextDueAt: integer('next_due_at').notNull(),
    claimToken: text('claim_token'),
    claimUntil: integer('claim_until'),

    /** When the first extended check is due again; 0: all of them are to be looked at anew. */
    extendedDueAt: integer('extended_due_at').notNull().default(0),
    extendedClaimToken: text('extended_claim_token'),
    extendedClaimUntil: integer('extended_claim_until'),
  },
  (t) => [
    uniqueIndex('audit_domains_domain_live')
      .on(t.domain)
      .where(sql`${t.deletedAt} is null`),
    index('audit_domains_tenant').on(t.tenantId),
    index('audit_domains_due').on(t.nextDueAt),
    index('audit_domains_extended_due').on(t.extendedDueAt),
    // The few that may belong to an incident: the healthy ones cost it nothing.
    index('audit_domains_faulty')
      .on(t.mailHostId)
      .where(sql`${t.deletedAt} is null and ${t.status} in ('failing', 'unknown')`),
  ],
)

/** The latest verdict only; sentences are rendered from `reason` and `params` when read. */
export const auditChecks = sqliteTable(
  'audit_checks',
  {
    tenantId: text('tenant_id').notNull(),
    domainId: text('domain_id')
      .notNull()
      .references(() => auditDomains.id),
    checkId: text('check_id').notNull(),
    status: text('status', { enum: ['pass', 'warn', 'fail', 'unknown', 'skipped'] }).notNull(),
    reason: text('reason').notNull(),
    params: text('params', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    evidence: text('evidence', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    latencyMs: integer('latency_ms').notNull(),
    checkedAt: integer('checked_at').notNull(),
    /** When this status began. */
    since: integer('since').notNull(),
    /** Set while `status` is unknown: the last verdict that was known. */
    lastKnownStatus: text('last_known_status', { enum: ['pass', 'warn', 'fail', 'skipped'] }),
    lastKnownReason: text('last_known_reason'),
    lastKnownAt: integer('last_known_at'),
    /** When the verdict that is known began, through any number of unknowns between; null: as `since` (written by an older version). */
    knownSince: integer('known_since'),
    /** When a verdict last stood only because a second look did not confirm the first. */
    retriedAt: integer('retried_at'),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.domainId, t.checkId] })],
)

/** One change of a verdict, with what was found; the columns of both kinds of checks. */
export const transitionColumns = () => ({
  id: integer('id').primaryKey({ autoIncrement: true }),
  tenantId: text('tenant_id').notNull(),
  domainId: text('domain_id').notNull(),
  checkId: text('check_id').notNull(),
  at: integer('at').notNull(),
  fromStatus: text('from_status'),
  toStatus: text('to_status').notNull(),
  reason: text('reason').notNull(),
  params: text('params', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  found: text('found', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
})

/** A row only when status, reason or the stable part of the evidence changes. */
export const checkTransitions = sqliteTable('check_transitions', transitionColumns(), (t) => [
  index('check_transitions_domain').on(t.domainId, t.checkId, t.at),
  index('check_transitions_at').on(t.at),
])

/** How long a check did not pass on a day (UTC). A day without a row: it passed, was skipped, or nobody looked. */
export const checkDays = sqliteTable(
  'check_days',
  {
    domainId: text('domain_id').notNull(),
    checkId: text('check_id').notNull(),
    /** Days since 1970-01-01. */
    day: integer('day').notNull(),
    warnSec: integer('warn_sec').notNull().default(0),
    failSec: integer('fail_sec').notNull().default(0),
    unknownSec: integer('unknown_sec').notNull().default(0),
    /** Looks whose first half a second look did not confirm. */
    retries: integer('retries').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.domainId, t.checkId, t.day] }), index('check_days_day').on(t.day)],
)

/** A warning or failure that somebody accepts until a moment. A row is never changed but ended, and stays: the audit log names it by its id. */
export const checkDeviations = sqliteTable(
  'check_deviations',
  {
    id: text('id').primaryKey(),
    tenantId: text('tenant_id').notNull(),
    domainId: text('domain_id')
      .notNull()
      .references(() => auditDomains.id),
    checkId: text('check_id').notNull(),
    /** The verdict that was accepted: with another code the check counts again. */
    status: text('status', { enum: ['warn', 'fail'] }).notNull(),
    code: text('code').notNull(),
    /** Why, in the words of who accepted it. */
    reason: text('reason').notNull(),
    acceptedBy: text('accepted_by').notNull(),
    acceptedAt: integer('accepted_at').notNull(),
    until: integer('until').notNull(),
    endedAt: integer('ended_at'),
  },
  (t) => [
    uniqueIndex('check_deviations_live')
      .on(t.domainId, t.checkId)
      .where(sql`${t.endedAt} is null`),
    index('check_deviations_until')
      .on(t.until)
      .where(sql`${t.endedAt} is null`),
  ],
)

/** A run that a person asked for: of one domain, or of all domains of a tenant. */
export const checkRuns = sqliteTable(
  'check_runs',
  {
    id: text('id').primaryKey(),
    tenantId: text('tenant_id').notNull(),
    domainId: text('domain_id'),
    status: text('status', { enum: ['queued', 'running', 'done', 'failed'] }).notNull(),
    done: integer('done').notNull().default(0),
    total: integer('total').notNull(),
    createdAt: integer('created_at').notNull(),
    finishedAt: integer('finished_at'),
    /** The process that carries it out; a run whose owner's heartbeat is old has failed. */
    owner: text('owner').notNull(),
    heartbeatAt: integer('heartbeat_at').notNull(),
  },
  (t) => [index('check_runs_open').on(t.tenantId, t.status)],
)

/** What the cycle last did; one row. */
export const checkCycle = sqliteTable('check_cycle', {
  id: integer('id').primaryKey(),
  lastTickAt: integer('last_tick_at').notNull(),
  /** Why the monitor itself cannot be trusted now, for example `canary`; null when it can. */
  fault: text('fault'),
  faultSince: integer('fault_since'),
  /** The cycle that the counts belong to, and whose canary was asked. */
  cycle: integer('cycle').notNull().default(-1),
  /** Domains looked at in it; of those the ones that had an answer to every check before; of those the ones that lost one. */
  seen: integer('seen').notNull().default(0),
  answered: integer('answered').notNull().default(0),
  lost: integer('lost').notNull().default(0),
  /** When history that is older than it is kept was last removed. */
  prunedAt: integer('pruned_at').notNull().default(0),
})

/** Received onboarding events: allow-listed fields and a digest, never the body (H5). */
export const webhookEvents = sqliteTable(
  'webhook_events',
  {
    id: text('id').primaryKey(),
    source: text('source').notNull(),
    externalId: text('external_id').notNull(),
    type: text('type').notNull(),
    eventTime: integer('event_time').notNull(),
    receivedAt: integer('received_at').notNull(),
    tenantSlug: text('tenant_slug'),
    domain: text('domain'),
    digest: text('digest').notNull(),
  },
  (t) => [uniqueIndex('webhook_events_once').on(t.source, t.externalId)],
)
