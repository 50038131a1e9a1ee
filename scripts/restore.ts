// npm run restore -- FILE: puts a backup in place. The portal must be stopped; what was there is kept beside it.
import { resolve } from 'node:path'
import { restoreDatabase } from '#drizzle/backup'
import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { readConfig } from '#server/platform/config'
import { fail, fileStamp, usage } from './lib/cli'

const backup = process.argv[2]
if (!backup) usage('npm run restore -- FILE')
try {
  const { databaseFile } = readConfig(process.env)
  const { kept, inventory } = await restoreDatabase(resolve(backup), databaseFile, fileStamp(new Date()))
  migrateDatabase(databaseFile, MIGRATIONS_DIR)
  if (kept) console.log(`The database that was there is now ${kept}`)
  console.log(`${databaseFile}: restored, ${Object.keys(inventory).length} tables`)
} catch (error) {
  fail(error)
}
