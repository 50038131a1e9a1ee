import { transaction } from '#drizzle/transaction'
import type { Context } from '#server/platform/context'
import { append } from './append'
import { type Head, readHeads } from './heads'
import { logName, logOf } from './read-places'
import { rememberAll } from './remember'
import { rootAt } from './proofs'
import { placeInLog, sequence } from './sequence'
import { fillSideTables } from './store-side'
import { beginLog, type Log, lastQueued, leaveQueue, logsWithSize, treeOf } from './store-log'

/**
 * After a backup was put in place: ends each log where the backup ends it, and begins the next generation, whose first leaf tells the
 * old head and what this machine remembers beyond it. Nothing is continued in silence, nothing written twice under one index.
 * @returns the names of the logs that begin
 */
export async function declareRestore(ctx: Context): Promise<string[]> {
  const heads = readHeads(ctx.config.dataDir)
  const held = await logsWithSize(ctx.db)
  const scopes = new Set([...held.map(({ scope }) => scope), ...Object.keys(heads).map((name) => logOf(name).scope)])
  const begun: string[] = []
  for (const scope of [...scopes].sort()) begun.push(await beginNext(ctx, scope, heads))
  await sequence(ctx)
  await rememberAll(ctx)
  return begun
}

function beginNext(ctx: Context, scope: string, heads: Record<string, Head[]>): Promise<string> {
  return transaction(ctx, async (inside) => {
    const { tx } = inside
    const ended = (await logsWithSize(tx)).filter((log) => log.scope === scope).at(-1)
    const remembered = Object.keys(heads)
      .map((name) => ({ name, ...logOf(name), head: heads[name]!.at(-1)! }))
      .filter((log) => log.scope === scope)
      .sort((a, b) => a.generation - b.generation)
      .at(-1)
    const generation = Math.max(ended?.generation ?? 0, remembered?.generation ?? 0) + 1
    await append(inside, 'audit.log_restored', {
      resource: { type: 'audit_log', id: scope },
      partnerId: scope === 'platform' ? null : scope,
      data: {
        ...(ended && { log: logName(ended), size: ended.size, root: await rootOfLog(tx, ended) }),
        ...(remembered && {
          ...{ rememberedLog: remembered.name, rememberedSize: remembered.head.size },
          rememberedRoot: remembered.head.root,
        }),
      },
    })
    const log = await beginLog(tx, scope, generation)
    const told = [await lastQueued(tx)]
    await placeInLog(tx, log, told)
    fillSideTables(tx, told)
    await leaveQueue(tx, told)
    return logName(log)
  })
}

const rootOfLog = async (tx: NonNullable<Context['tx']>, log: Log & { size: number }) =>
  (await rootAt(treeOf(tx, log.id), log.size)).toString('hex')
