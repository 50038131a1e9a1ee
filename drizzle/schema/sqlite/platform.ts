import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Who may run a job now. `fence` grows with each new holder; a write that carries an old fence is refused. */
export const leases = sqliteTable('leases', {
  name: text('name').primaryKey(),
  owner: text('owner').notNull(),
  fence: integer('fence').notNull(),
  expiresAt: integer('expires_at').notNull(),
})

/** The live stream, written with the change it tells of; ids cross restarts and processes. The last 10,000 are kept. */
export const liveEvents = sqliteTable(
  'live_events',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    type: text('type', { enum: ['check', 'run', 'cycle', 'audit', 'extended'] }).notNull(),
    /** Null: for those who see everything. */
    tenantId: text('tenant_id'),
    data: text('data').notNull(),
  },
  (t) => [index('live_events_at').on(t.at)],
)

/** What operators set in the portal itself, one row for each part of the settings. */
export const settings = sqliteTable('settings', {
  key: text('key').primaryKey(),
  value: text('value', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  version: integer('version').notNull().default(1),
  updatedAt: integer('updated_at').notNull(),
})
