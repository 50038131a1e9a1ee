import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { requireSafeIdentity } from '#server/http/identity/require-safe'
import { createFirstOperator } from '#server/services/access'
import { type Config, readConfig } from '#server/platform/config'
import { createWorld } from '#server/platform/wire'
import { ROOT } from './prepare.mjs'

const SERVER = join(ROOT, '.output/server/index.mjs')
/** Requests have this long to finish after a stop is asked for. */
const DRAIN_MS = 5_000

export interface Portal {
  config: Config
  process: ChildProcess
}

/**
 * Prepares the start, then starts the built server as a child that gets this process's signals. Ends with the child's status.
 * @throws ConfigError, ServiceError STORAGE_UNAVAILABLE
 */
export async function launch(env: NodeJS.ProcessEnv): Promise<Portal> {
  const config = await prepareStart(env)
  const child = spawn(process.execPath, ['--enable-source-maps', SERVER], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...env,
      NODE_ENV: 'production',
      NITRO_HOST: config.host,
      NITRO_PORT: String(config.port),
      NITRO_SHUTDOWN_TIMEOUT: String(DRAIN_MS),
    },
  })
  // Ctrl-C reaches the child by itself; it decides when it is done.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)))
  return { config, process: child }
}

/**
 * Reads the settings, migrates, and makes the first operator of the embedded provider.
 * @throws ConfigError, ServiceError STORAGE_UNAVAILABLE
 */
export async function prepareStart(env: NodeJS.ProcessEnv): Promise<Config> {
  const config = readConfig(env)
  requireSafeIdentity(config)
  migrateDatabase(config.databaseFile, MIGRATIONS_DIR)
  if (!config.oidc) await announceFirstOperator(config)
  return config
}

/** Settings of a `.env` file in the project's folder; what is set already wins. */
export function loadEnvFile(): void {
  const file = join(ROOT, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
}

async function announceFirstOperator(config: Config): Promise<void> {
  const world = createWorld(config)
  try {
    const made = await createFirstOperator(world)
    if (made) console.log(`\n  First operator (shown once):  ${made.username}  ${made.password}\n`)
  } finally {
    await world.database.close()
  }
}

/** Resolves when the portal answers. */
export async function whenHealthy(baseUrl: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${baseUrl}/_health`).catch(() => null)
    if (answer?.ok) return
    await new Promise((done) => setTimeout(done, 100))
  }
}
