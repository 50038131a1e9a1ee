import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { readConfig } from '#server/platform/config'
import { newKey } from './fill'

/** Makes a log for `count` events. A compiled child could not: it does not know where the migrations lie. @returns the settings of its children */
export function emptyLog(dataDir: string, count: number): Record<string, string> {
  const env = { VIGIA_DATA_DIR: dataDir, VIGIA_SECRET_KEY: newKey(), COUNT: String(count) }
  migrateDatabase(readConfig(env).databaseFile, MIGRATIONS_DIR)
  return env
}
