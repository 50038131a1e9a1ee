import type { Context } from '#server/platform/context'
import { ServiceError } from '#shared/errors'
import type { ConsistencyProof, InclusionProof, LogHead } from '#shared/schemas/audit'
import { leafText, NO_LEAF } from './leaf'
import { consistencyPath, inclusionPath, rootAt } from './proofs'
import { leafOfEvent, logName } from './read-places'
import { hashesOf, logsWithSize, treeOf } from './store-log'

export interface LogWanted {
  scope: string
  /** The newest when it is not given. */
  generation?: number
}

const hex = (hash: Buffer) => hash.toString('hex')

/**
 * How a log stands now.
 * @throws ServiceError NOT_FOUND when there is no such log, or the caller sees some tenants only
 */
export async function headOfLog(ctx: Context, wanted: LogWanted): Promise<LogHead> {
  const log = await findLog(ctx, wanted)
  const root = hex(await rootAt(treeOf(ctx.db, log.id), log.size))
  return { scope: log.scope, generation: log.generation, log: logName(log), size: log.size, root }
}

/**
 * What shows that the log of `from` leaves is the beginning of that of `to`.
 * @throws ServiceError NOT_FOUND without such a log, VALIDATION when it never had these sizes
 */
export async function proveConsistency(
  ctx: Context,
  { from, to, ...wanted }: LogWanted & { from: number; to: number },
): Promise<ConsistencyProof> {
  const log = await findLog(ctx, wanted)
  if (from < 1 || from > to || to > log.size)
    throw new ServiceError('VALIDATION', `The log has ${log.size} leaves: 1 ≤ from ≤ to ≤ ${log.size}`)
  const tree = treeOf(ctx.db, log.id)
  const [fromRoot, toRoot, path] = await Promise.all([rootAt(tree, from), rootAt(tree, to), consistencyPath(tree, from, to)])
  return { log: logName(log), from, to, fromRoot: hex(fromRoot), toRoot: hex(toRoot), path: path.map(hex) }
}

/**
 * That an event stands in its log as it is now.
 * @throws ServiceError NOT_FOUND when the caller sees no such event, CONFLICT while it has no place yet (less than a second)
 */
export async function proveInclusion(ctx: Context, eventId: string): Promise<InclusionProof> {
  const found = await leafOfEvent(ctx.db, eventId, ctx.scope)
  if (!found) throw new ServiceError('NOT_FOUND', 'There is no such event')
  const { event, leaf } = found
  if (!leaf) throw new ServiceError('CONFLICT', 'The event has no place in its log yet', { retryAfterMs: 1_000 })
  const [log] = (await logsWithSize(ctx.db)).filter(({ id }) => id === leaf.logId)
  const { index, logId } = leaf
  const tree = treeOf(ctx.db, logId)
  const [prev = NO_LEAF] = index === 0 ? [] : await hashesOf(ctx.db, { logId, level: 0, from: index - 1, count: 1 })
  return {
    ...{ eventId, log: logName(log!), index, size: log!.size, event: event.content, contentHash: hex(event.contentHash) },
    leaf: leafText({ content: hex(event.contentHash), index, prev: hex(prev), scope: log!.scope }),
    ...{ prevHash: hex(prev), hash: hex(leaf.hash), root: hex(await rootAt(tree, log!.size)) },
    path: (await inclusionPath(tree, index, log!.size)).map(hex),
  }
}

/** The state of a whole log tells of tenants that not everybody sees. */
async function findLog(ctx: Context, { scope, generation }: LogWanted) {
  const logs = ctx.scope === 'all' ? await logsWithSize(ctx.db) : []
  const log = logs.filter((one) => one.scope === scope && (generation ?? one.generation) === one.generation).at(-1)
  if (!log) throw new ServiceError('NOT_FOUND', 'There is no such log')
  return log
}
