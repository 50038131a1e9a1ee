// npm run backup [-- FILE]: an online, verified copy of the database. The secret key is not in it: see docs/operations.md.
import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { backupDatabase } from '#drizzle/backup'
import { readConfig } from '#server/platform/config'
import { fail, fileStamp } from './lib/cli'

try {
  const config = readConfig(process.env)
  const target = resolve(process.argv[2] ?? join(config.dataDir, 'backups', `vigia-${fileStamp(new Date())}.db`))
  mkdirSync(dirname(target), { recursive: true })
  const inventory = await backupDatabase(config.databaseFile, target)
  const rows = Object.values(inventory).reduce((sum, count) => sum + count, 0)
  console.log(`${target}: verified, ${Object.keys(inventory).length} tables, ${rows} rows`)
} catch (error) {
  fail(error)
}
