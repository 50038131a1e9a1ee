import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Whoever has signed in. `active` is checked on every request, so revoking it ends live sessions. */
export const users = sqliteTable(
  'users',
  {
    id: text('id').primaryKey(),
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    email: text('email'),
    name: text('name'),
    role: text('role', { enum: ['master', 'partner', 'employee', 'member'] }).notNull(),
    active: integer('active', { mode: 'boolean' }).notNull().default(true),
    createdAt: integer('created_at').notNull(),
    lastSignInAt: integer('last_sign_in_at'),
    version: integer('version').notNull().default(1),
  },
  (t) => [uniqueIndex('users_identity').on(t.issuer, t.subject)],
)

/** Accounts of the embedded identity provider; `passwordHash` is scrypt with its parameters. */
export const operatorAccounts = sqliteTable('operator_accounts', {
  id: text('id').primaryKey(),
  username: text('username').notNull().unique(),
  name: text('name').notNull(),
  email: text('email').notNull(),
  groups: text('groups', { mode: 'json' }).$type<string[]>().notNull(),
  passwordHash: text('password_hash').notNull(),
  createdAt: integer('created_at').notNull(),
  version: integer('version').notNull().default(1),
})

/** Grants, codes, sessions and signing keys of the embedded provider. */
export const oidcRecords = sqliteTable(
  'oidc_records',
  {
    model: text('model').notNull(),
    id: text('id').notNull(),
    payload: text('payload').notNull(),
    grantId: text('grant_id'),
    uid: text('uid'),
    expiresAt: integer('expires_at'),
  },
  (t) => [
    primaryKey({ columns: [t.model, t.id] }),
    index('oidc_records_grant').on(t.grantId),
    index('oidc_records_uid').on(t.model, t.uid),
    index('oidc_records_expiry').on(t.expiresAt),
  ],
)

/** Portal sessions (the storage that the sign-in module calls `oidc`). Values are sealed by the module. */
export const sessions = sqliteTable(
  'sessions',
  {
    key: text('key').primaryKey(),
    value: text('value').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [index('sessions_expiry').on(t.expiresAt)],
)
