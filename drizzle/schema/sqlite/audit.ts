import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Append-only, no foreign keys: rows outlive their subjects. `content` is the canonical bytes; the other columns are copies for search. */
export const auditEvents = sqliteTable(
  'audit_events',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    id: text('id').notNull().unique(),
    at: integer('at').notNull(),
    receivedAt: integer('received_at').notNull(),
    scope: text('scope').notNull(),
    source: text('source').notNull(),
    externalId: text('external_id'),
    action: text('action').notNull(),
    category: text('category').notNull(),
    severity: text('severity').notNull(),
    outcome: text('outcome').notNull(),
    actorType: text('actor_type').notNull(),
    actorId: text('actor_id').notNull(),
    resourceType: text('resource_type').notNull(),
    resourceId: text('resource_id').notNull(),
    tenantId: text('tenant_id'),
    partnerId: text('partner_id'),
    content: text('content').notNull(),
    contentHash: blob('content_hash', { mode: 'buffer' }).notNull(),
  },
  (t) => [
    index('audit_events_at').on(t.at, t.seq),
    index('audit_events_partner').on(t.partnerId, t.at, t.seq),
    index('audit_events_tenant').on(t.tenantId, t.at, t.seq),
    index('audit_events_actor').on(t.actorId, t.at, t.seq),
  ],
)

/** (source, externalId) is unique for ever, also after retention has taken the event itself. */
export const auditDedup = sqliteTable(
  'audit_dedup',
  {
    source: text('source').notNull(),
    externalId: text('external_id').notNull(),
    eventId: text('event_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.source, t.externalId] })],
)

/** The key under which a person's data is sealed; destroying the row erases the person from every event. */
export const auditSubjects = sqliteTable('audit_subjects', {
  id: text('id').primaryKey(),
  keyBox: text('key_box').notNull(),
  emailTag: text('email_tag'),
  createdAt: integer('created_at').notNull(),
})

/**
 * The disclosure behind an event's `pd` commitment: name, e-mail, IP, user agent, sealed under the subject's key. Those of a person are found
 * by the index of actors.
 */
export const auditPersonal = sqliteTable(
  'audit_personal',
  {
    eventId: text('event_id').primaryKey(),
    subjectId: text('subject_id').notNull(),
    salt: blob('salt', { mode: 'buffer' }).notNull(),
    box: text('box').notNull(),
    ipTag: text('ip_tag'),
  },
  (t) => [index('audit_personal_ip').on(t.ipTag)],
)

/** Events that have no leaf yet. A trigger fills it, so that none can be forgotten; the sequencer empties it in the transaction of the leaf. */
export const auditUnsequenced = sqliteTable('audit_unsequenced', {
  eventSeq: integer('event_seq').primaryKey(),
})

/** A scope has one log; a declared restore ends it and begins the next generation. */
export const auditLogs = sqliteTable(
  'audit_logs',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    scope: text('scope').notNull(),
    generation: integer('generation').notNull(),
  },
  (t) => [uniqueIndex('audit_logs_generation').on(t.scope, t.generation)],
)

/** Where an event stands in its log. The leaf's bytes are made from the event's content hash, the index and the hash before it. */
export const auditLeaves = sqliteTable(
  'audit_leaves',
  {
    eventSeq: integer('event_seq').primaryKey(),
    logId: integer('log_id').notNull(),
    leafIndex: integer('leaf_index').notNull(),
    hash: blob('hash', { mode: 'buffer' }).notNull(),
  },
  (t) => [uniqueIndex('audit_leaves_index').on(t.logId, t.leafIndex)],
)

/**
 * Full tiles of the RFC 6962 tree, in the shape of C2SP tlog-tiles: 256 hashes each, those of leaves at level 0, the roots of the tiles
 * below at every other. What is not yet full is read from the leaves, so no row ever changes.
 */
export const auditTiles = sqliteTable(
  'audit_tiles',
  {
    logId: integer('log_id').notNull(),
    level: integer('level').notNull(),
    tileIndex: integer('tile_index').notNull(),
    root: blob('root', { mode: 'buffer' }).notNull(),
    hashes: blob('hashes', { mode: 'buffer' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.logId, t.level, t.tileIndex] })],
)

/** The risk of an event by the rules of a version, beside the proof since rules may change. An event whose risk is 0 has no row. */
export const auditRisks = sqliteTable(
  'audit_risks',
  {
    eventSeq: integer('event_seq').primaryKey(),
    score: integer('score').notNull(),
    anomalous: integer('anomalous', { mode: 'boolean' }).notNull(),
    /** JSON list of `{code, points, detail?}`. */
    factors: text('factors').notNull(),
    rules: integer('rules').notNull(),
  },
  (t) => [index('audit_risks_score').on(t.score, t.eventSeq)],
)

/** How far risks are known: one row. */
export const auditAssessed = sqliteTable('audit_assessed', {
  id: integer('id').primaryKey(),
  seq: integer('seq').notNull(),
})

/** How many events of each kind an hour holds, so that totals need not be counted. Made from the events, and no part of the proof. */
export const timelineHours = sqliteTable(
  'timeline_hours',
  {
    /** Hours since 1970. */
    hour: integer('hour').notNull(),
    category: text('category').notNull(),
    severity: text('severity').notNull(),
    outcome: text('outcome').notNull(),
    events: integer('events').notNull(),
  },
  (t) => [primaryKey({ columns: [t.hour, t.category, t.severity, t.outcome] })],
)

/** A filter of the timeline that somebody kept; sealed, for it may name a person. */
export const timelineViews = sqliteTable(
  'timeline_views',
  {
    id: text('id').primaryKey(),
    ownerId: text('owner_id').notNull(),
    name: text('name').notNull(),
    filterBox: text('filter_box').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [uniqueIndex('timeline_views_name').on(t.ownerId, t.name)],
)
