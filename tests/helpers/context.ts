import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '#drizzle/client'
import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { readConfig } from '#server/platform/config'
import type { Actor, Context, Scope } from '#server/platform/context'
import { ulid } from '#server/platform/ids'
import type { LogFields } from '#server/platform/log'
import { createSecretBox } from '#server/platform/secrets'
import { settleHappenings } from '#server/services/audit'
import { bulkOf } from '#server/services/ingest'

/** 2026-01-15T12:00:00Z: the time of every test that does not say otherwise. */
export const TEST_NOW = Date.UTC(2026, 0, 15, 12)

const SECRET_KEY = 'a fixed key that only the tests know'

export const ANNA: Actor = {
  type: 'user',
  id: 'u_anna',
  role: 'master',
  name: 'Anna Lima',
  email: 'anna@example.org',
  ip: '192.0.2.7',
}

export interface TestOptions {
  /** Milliseconds since 1970. */
  now?: number
  scope?: Scope
  actor?: Actor
  /** Environment on top of the defaults, such as `VIGIA_BOOTSTRAP_TOKEN`. */
  env?: Record<string, string>
  /** A database file to begin with; an empty one by default. */
  database?: Buffer
  /** Without one, any use of the network fails the test. */
  dns?: Context['dns']
  http?: Context['http']
  tls?: Context['tls']
  mail?: Context['mail']
}

export interface TestContext extends Context {
  /** The clock stands still until it is set. */
  setNow(nowMs: number): void
  /** What was logged, oldest first. */
  readonly logged: { level: string; message: string; fields: LogFields }[]
  /** The milliseconds of every pause; none of them takes time, unless a test says how. */
  readonly pauses: number[]
  onPause(wait: (ms: number) => Promise<void>): void
  /** The same world for somebody else; the database and the clock are shared. */
  as(other: { actor?: Actor; scope?: Scope }): Context
  /** Closes the database and removes it. */
  close(): Promise<void>
}

/** A context on a fresh migrated database of its own, with a clock that is set by hand and no network. Call `close` in the end. */
export function testContext(options: TestOptions = {}): TestContext {
  const dataDir = mkdtempSync(join(tmpdir(), 'vigia-test-'))
  const config = readConfig({ VIGIA_DATA_DIR: dataDir, VIGIA_SECRET_KEY: SECRET_KEY, ...options.env })
  writeFileSync(config.databaseFile, options.database ?? emptyDatabase())
  const database = openDatabase(config.databaseFile)
  let nowMs = options.now ?? TEST_NOW
  let randomSeed = 1
  const now = () => nowMs
  const logged: TestContext['logged'] = []
  const pauses: number[] = []
  let wait: (ms: number) => Promise<void> = () => Promise.resolve()
  const log =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void logged.push({ level, message, fields })
  const context: Context = {
    actor: options.actor ?? ANNA,
    scope: options.scope ?? 'all',
    requestId: 'test',
    config,
    database,
    db: database.read,
    secrets: createSecretBox(SECRET_KEY),
    dns: options.dns ?? noNetwork<Context['dns']>('dns'),
    http: options.http ?? noNetwork<Context['http']>('http', { visit: () => NO_VISIT }),
    tls: options.tls ?? noNetwork<Context['tls']>('tls'),
    mail: options.mail ?? noNetwork<Context['mail']>('mail'),
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    now,
    newId: (prefix) => (prefix ? `${prefix}_${ulid(nowMs)}` : ulid(nowMs)),
    // A fixed sequence (Park-Miller), so that a test that depends on chance fails the same way twice.
    random: () => (randomSeed = (randomSeed * 48271) % 2147483647) / 2147483647,
    pause: (ms) => {
      pauses.push(ms)
      return wait(ms)
    },
    lagMs: () => 0,
  }
  return {
    ...context,
    logged,
    pauses,
    onPause: (waits) => (wait = waits),
    setNow: (ms) => (nowMs = ms),
    as: (other) => ({ ...context, ...other }),
    close: () => closeAndRemove(context, dataDir),
  }
}

let empty: Buffer | undefined

/** A migrated database, made once for each test file: migrations take longer than most tests. */
function emptyDatabase(): Buffer {
  if (empty) return empty
  const folder = mkdtempSync(join(tmpdir(), 'vigia-test-'))
  const file = join(folder, 'empty.db')
  migrateDatabase(file, MIGRATIONS_DIR)
  empty = readFileSync(file)
  rmSync(folder, { recursive: true })
  return empty
}

/** The database that somebody writes, for tests that each begin with a copy of it. */
export async function databaseWith(write: (ctx: TestContext) => Promise<void>): Promise<Buffer> {
  const ctx = testContext()
  await write(ctx)
  const written = ctx.database.raw.serialize()
  await ctx.close()
  return written
}

async function closeAndRemove(ctx: Context, dataDir: string): Promise<void> {
  await settleHappenings()
  await bulkOf(ctx).end()
  await ctx.database.close()
  rmSync(dataDir, { recursive: true, force: true })
}

/** Stands where a client would be; whatever is called on it fails the test, but for what connects nowhere. */
function noNetwork<T extends object>(name: string, harmless: Partial<T> = {}): T {
  return new Proxy(harmless as T, {
    get(known, member) {
      if (member in known) return Reflect.get(known, member) as unknown
      return () => {
        throw new Error(`This test has no network: ctx.${name}.${String(member)} was called`)
      }
    },
  })
}

const NO_VISIT = noNetwork<ReturnType<Context['http']['visit']>>('http.visit()', { close: () => Promise.resolve() })
