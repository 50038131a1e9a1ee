import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { auditDomains, transitionColumns } from './checks'

/** The latest verdict of each check beyond the eight; as `audit_checks`, but each at its own pace. */
export const extendedChecks = sqliteTable(
  'extended_checks',
  {
    tenantId: text('tenant_id').notNull(),
    domainId: text('domain_id')
      .notNull()
      .references(() => auditDomains.id),
    checkId: text('check_id').notNull(),
    status: text('status', { enum: ['pass', 'warn', 'fail', 'unknown', 'skipped', 'info'] }).notNull(),
    reason: text('reason').notNull(),
    params: text('params', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    evidence: text('evidence', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    latencyMs: integer('latency_ms').notNull(),
    checkedAt: integer('checked_at').notNull(),
    /** When this status began. */
    since: integer('since').notNull(),
    /** Set while `status` is unknown: the last verdict that was known. */
    lastKnownStatus: text('last_known_status', { enum: ['pass', 'warn', 'fail', 'skipped', 'info'] }),
    lastKnownReason: text('last_known_reason'),
    lastKnownAt: integer('last_known_at'),
    nextDueAt: integer('next_due_at').notNull(),
    /** What the check itself remembers from look to look, for example the last id of an MTA-STS policy. */
    memory: text('memory', { mode: 'json' }).$type<Record<string, string>>(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.domainId, t.checkId] })],
)

/** As `check_transitions`: a row only when status, reason or the stable part of the evidence changes. */
export const extendedTransitions = sqliteTable('extended_transitions', transitionColumns(), (t) => [
  index('extended_transitions_domain').on(t.domainId, t.checkId, t.at),
  index('extended_transitions_at').on(t.at),
])
