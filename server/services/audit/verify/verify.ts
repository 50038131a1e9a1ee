import type { Context } from '#server/platform/context'
import { type Heads, readHeads } from '../heads'
import { rootAt, TILE } from '../proofs'
import { logName } from '../read-places'
import { hashesOf, type Log, logsWithSize, treeOf } from '../store-log'
import { type Fault, Faults } from './faults'
import { againstHeads, lostLogs } from './remembered'
import { firstOf, type LogReport, type Report } from './report'
import { type StretchResult, type TaskRunner, verifyTile } from './tasks'
import { Threads } from './threads'

/** Leaves of one task: a second's work or less. */
const STRETCH = 64 * TILE

export interface Progress {
  done: number
  total: number
}

type SizedLog = Log & { size: number }

/**
 * Reads the whole audit log again, on threads of its own: every leaf, event, disclosure, tile and received id, and the heads that
 * were remembered outside. What is admitted meanwhile is not looked at. Changes nothing.
 * @throws ServiceError STORAGE_UNAVAILABLE when something cannot be read
 */
export async function verifyLogs(
  ctx: Context,
  onProgress: (progress: Progress) => void = () => {},
  threads: TaskRunner = new Threads(ctx.config),
): Promise<Report> {
  try {
    const heads = readHeads(ctx.config.dataDir)
    const logs = await logsWithSize(ctx.database.read)
    const progress = { done: 0, total: logs.reduce((sum, log) => sum + log.size, 0) }
    const tick = (leaves: number) => onProgress({ ...progress, done: (progress.done += leaves) })
    const tables = threads.run('tables', null)
    const walked = await Promise.all(logs.map((log) => walkLog(threads, log, tick)))
    const confirmed = new Set(walked.flat().flatMap((result) => [...result.confirmed]))
    const reports = await Promise.all(logs.map((log, n) => reportOf(ctx, log, { stretches: walked[n]!, confirmed, heads })))
    const { faults, unsequenced } = await tables
    const beside = [...faults, ...(await lostLogs(ctx.database.read, logs, heads))]
    const verdict = [...reports.flatMap((report) => report.faults), ...beside][0]?.kind ?? 'intact'
    return { verdict, events: progress.total, unsequenced, logs: reports, faults: beside }
  } finally {
    await threads.close()
  }
}

function walkLog(threads: TaskRunner, log: SizedLog, tick: (leaves: number) => void): Promise<StretchResult[]> {
  const starts = Array.from({ length: Math.ceil(log.size / STRETCH) }, (_, n) => n * STRETCH)
  return Promise.all(
    starts.map(async (from) => {
      const to = Math.min(from + STRETCH, log.size)
      const result = await threads.run('stretch', { logId: log.id, scope: log.scope, from, to })
      tick(to - from)
      return result
    }),
  )
}

interface Walked {
  stretches: StretchResult[]
  /** Subjects whose row agrees with an event that speaks of them. */
  confirmed: Set<string>
  heads: Heads
}

async function reportOf(ctx: Context, log: SizedLog, { stretches, confirmed, heads }: Walked): Promise<LogReport> {
  const db = ctx.database.read
  const upper = new Faults()
  for (let level = 1, entries = Math.floor(log.size / TILE); entries >= TILE; level++, entries = Math.floor(entries / TILE))
    for (let index = 0; index < Math.floor(entries / TILE); index++) {
      const hashes = await hashesOf(db, { logId: log.id, level, from: index * TILE, count: TILE })
      verifyTile(db, { logId: log.id, level, index, hashes }, upper)
    }
  const remembered = await againstHeads(db, log, heads)
  const own = stretches.flatMap((result) => [...result.faults, ...unconfirmed(result, confirmed)])
  const faults = [...own, ...upper.kept, ...remembered.faults]
  const first = firstOf(faults)
  return {
    ...{ log: logName(log), size: log.size, root: (await rootAt(treeOf(db, log.id), log.size)).toString('hex') },
    ...{ verdict: first?.kind ?? 'intact', firstBadIndex: first?.index ?? null, faults },
    ...{ erased: stretches.reduce((sum, result) => sum + result.erased, 0), lostByRestore: remembered.lost },
  }
}

/** Subjects whose row agrees with none of the events that speak of them. */
function unconfirmed({ subjects }: StretchResult, confirmed: Set<string>): Fault[] {
  const bad = [...subjects].filter(([id]) => !confirmed.has(id))
  return bad.map(([, index]) => ({ kind: 'modified', index, what: "the tag or the date of a subject's row" }))
}
