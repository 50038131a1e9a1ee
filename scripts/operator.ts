// npm run operator -- list | add USERNAME EMAIL | reset [USERNAME] : the accounts of the embedded identity provider.
import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { readConfig } from '#server/platform/config'
import type { Context } from '#server/platform/context'
import { createWorld } from '#server/platform/wire'
import { addOperator, listOperators, type NewPassword, resetOperator } from '#server/services/access'
import { fail, usage } from './lib/cli'
import { loadEnvFile } from './lib/launch'

const show = ({ username, password }: NewPassword) => console.log(`\n  Password (shown once):  ${username}  ${password}\n`)

const commands: Record<string, (world: Context, args: string[]) => Promise<void>> = {
  async list(world) {
    for (const { username, name, email } of await listOperators(world)) console.log(`${username}\t${name}\t${email}`)
  },
  async add(world, [username, email]) {
    if (!username || !email) usage('npm run operator -- add USERNAME EMAIL')
    show(await addOperator(world, { username, name: username, email }))
  },
  async reset(world, [username = 'operator']) {
    show(await resetOperator(world, username))
  },
}

const [name = '', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (!command) usage('npm run operator -- list | add USERNAME EMAIL | reset [USERNAME]')

try {
  loadEnvFile()
  const config = readConfig(process.env)
  if (config.oidc) console.error('VIGIA_OIDC_ISSUER is set: people sign in there, and these accounts are not used.')
  migrateDatabase(config.databaseFile, MIGRATIONS_DIR)
  const world = createWorld(config)
  try {
    await command(world, args)
  } finally {
    await world.database.close()
  }
} catch (error) {
  fail(error)
}
