import type { Context } from '#server/platform/context'
import { type Head, readHeads, rememberHeads } from './heads'
import { rootAt } from './proofs'
import { logName, logOf } from './read-places'
import { logsWithSize, restoreDeclared, treeOf } from './store-log'

/** Remembers the heads of all logs that grew outside of the database. Call it after the commit: what is remembered is durable. */
export async function rememberAll(ctx: Context): Promise<void> {
  const { dataDir } = ctx.config
  const known = readHeads(dataDir)
  const current: Record<string, Head> = {}
  for (const log of await logsWithSize(ctx.database.read)) {
    const name = logName(log)
    if (log.size === 0 || log.size <= (known[name]?.at(-1)?.size ?? 0)) continue
    current[name] = { size: log.size, root: (await rootAt(treeOf(ctx.database.read, log.id), log.size)).toString('hex') }
  }
  if (Object.keys(current).length > 0) await rememberHeads(dataDir, current)
}

/** The name of a log that is shorter than remembered without a declared restore; null when there is none. */
export async function firstBehind(ctx: Context): Promise<string | null> {
  // The file first: what it remembers was in the database before.
  const heads = readHeads(ctx.config.dataDir)
  const sizes = new Map((await logsWithSize(ctx.database.read)).map((log) => [logName(log), log.size]))
  for (const [name, remembered] of Object.entries(heads))
    if ((remembered.at(-1)?.size ?? 0) > (sizes.get(name) ?? 0) && !(await restoreDeclared(ctx.database.read, logOf(name))))
      return name
  return null
}
