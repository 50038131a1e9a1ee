// Brings the database of the data folder to this version's schema.
import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { readConfig } from '#server/platform/config'

try {
  migrateDatabase(readConfig(process.env).databaseFile, MIGRATIONS_DIR)
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}
