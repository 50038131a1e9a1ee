// npm run restore -- FILE: puts a backup in place. The portal must be stopped; what was there is kept beside it.
import { resolve } from 'node:path'
import { restoreDatabase } from '#drizzle/backup'
import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { readConfig } from '#server/platform/config'
import { createWorld } from '#server/platform/wire'
import { declareRestore } from '#server/services/audit'
import { fail, fileStamp, usage } from './lib/cli'

const backup = process.argv[2]
if (!backup) usage('npm run restore -- FILE')
try {
  const config = readConfig(process.env)
  const { databaseFile } = config
  const { kept, inventory } = await restoreDatabase(resolve(backup), databaseFile, fileStamp(new Date()))
  migrateDatabase(databaseFile, MIGRATIONS_DIR)
  const world = createWorld(config)
  const begun = await declareRestore(world)
  await world.database.close()
  if (kept) console.log(`The database that was there is now ${kept}`)
  if (begun.length > 0) console.log(`The audit log goes on in ${begun.join(', ')}`)
  console.log(`${databaseFile}: restored, ${Object.keys(inventory).length} tables`)
} catch (error) {
  fail(error)
}
