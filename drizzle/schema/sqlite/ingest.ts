import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Where each source of the audit log stands, and what operators set for it; a source that nobody touched and that never ran has no row. */
export const ingestSources = sqliteTable('ingest_sources', {
  id: text('id').primaryKey(),
  /** Where the next tick goes on; its shape is the source's own. Written with the events that it stands behind. */
  cursor: text('cursor', { mode: 'json' }).$type<unknown>(),
  /** Digest of the settings that the cursor belongs to: another address or file is read from its beginning. */
  basis: text('basis'),
  /** Everything up to this moment has come, as far as the source can say. */
  completeTo: integer('complete_to'),
  lastRunAt: integer('last_run_at'),
  lastOkAt: integer('last_ok_at'),
  /** The newest moment that an event of this source tells of. */
  lastEventAt: integer('last_event_at'),
  lastError: text('last_error'),
  lastErrorAt: integer('last_error_at'),
  /** What an operator should know although it works. */
  note: text('note'),
  accepted: integer('accepted').notNull().default(0),
  duplicate: integer('duplicate').notNull().default(0),
  skipped: integer('skipped').notNull().default(0),
  bad: integer('bad').notNull().default(0),
  nextDueAt: integer('next_due_at').notNull().default(0),
  paused: integer('paused', { mode: 'boolean' }).notNull().default(false),
  settings: text('settings', { mode: 'json' }).$type<Record<string, unknown>>(),
  /** The secrets among the settings, sealed together. */
  secretBox: text('secret_box'),
  /** Of what operators set; counters and cursor do not move it. */
  version: integer('version').notNull().default(0),
})

/** What could not be read as an event: where it stood and its digest, never its text. The last thousand of a source are kept. */
export const ingestRejects = sqliteTable(
  'ingest_rejects',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    sourceId: text('source_id').notNull(),
    at: integer('at').notNull(),
    /** A file's path, or an address of ours. */
    place: text('place').notNull(),
    offset: integer('offset').notNull(),
    length: integer('length').notNull(),
    /** SHA-256, hex. */
    digest: text('digest').notNull(),
    reason: text('reason').notNull(),
  },
  (t) => [index('ingest_rejects_source').on(t.sourceId, t.id)],
)
