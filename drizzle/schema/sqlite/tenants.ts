import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { sql } from 'drizzle-orm'

export const partners = sqliteTable('partners', {
  id: text('id').primaryKey(),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  createdAt: integer('created_at').notNull(),
  version: integer('version').notNull().default(1),
})

export const tenants = sqliteTable('tenants', {
  id: text('id').primaryKey(),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  plan: text('plan'),
  status: text('status', { enum: ['active', 'suspended'] })
    .notNull()
    .default('active'),
  partnerId: text('partner_id').references(() => partners.id),
  createdAt: integer('created_at').notNull(),
  version: integer('version').notNull().default(1),
})

/** What a mail platform is expected to look like from outside. Credentials are sealed; see platform/secrets. */
export const mailHosts = sqliteTable(
  'mail_hosts',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    kind: text('kind').notNull(),
    healthUrl: text('health_url').notNull(),
    adminUrl: text('admin_url'),
    adminUser: text('admin_user'),
    adminPasswordBox: text('admin_password_box'),
    mx: text('mx', { mode: 'json' }).$type<string[]>().notNull(),
    sendingAddresses: text('sending_addresses', { mode: 'json' }).$type<string[]>().notNull(),
    frontends: text('frontends', { mode: 'json' }).$type<string[]>().notNull(),
    webmail: text('webmail', { mode: 'json' })
      .$type<{ hostPattern: string; port: number; httpPort: number; loginPath: string; marker: string }>()
      .notNull(),
    createdAt: integer('created_at').notNull(),
    deletedAt: integer('deleted_at'),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    uniqueIndex('mail_hosts_name_live')
      .on(t.name)
      .where(sql`${t.deletedAt} is null`),
  ],
)
