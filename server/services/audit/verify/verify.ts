import { breathe } from '#server/platform/breathe'
import type { Context } from '#server/platform/context'
import { type Heads, readHeads } from '../heads'
import { rootAt, TILE } from '../proofs'
import { logName } from '../read-places'
import { hashesOf, type Log, logsWithSize, treeOf } from '../store-log'
import { Faults } from './faults'
import { Gathered } from './gathered'
import { rangesOf, type SeqRange } from './read-leaves'
import { againstHeads, lostLogs } from './remembered'
import { firstOf, type LogReport, type Report } from './report'
import type { TablesResult, TaskRunner } from './tasks'
import { Threads } from './threads'
import { verifyTile } from './tree'

/** Leaves of one task, by admission and by a log's order: a fraction of a second's work. */
const [STRETCH, TREE_PART] = [4_096, 64 * TILE]

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
    const held = await logsWithSize(ctx.database.read)
    const ranges = await stretchesOf(ctx)
    const logs = held.map((log) => ({ ...log, size: sizeWithin(ranges.length * STRETCH, log) }))
    const read = new Reading(threads, logs, onProgress)
    const { faults, unsequenced } = await read.all(ranges)
    const reports: LogReport[] = []
    for (const log of logs)
      reports.push(await reportOf(ctx, log, { found: read.found.get(log.id)!, confirmed: read.confirmed, heads }))
    const beside = [...faults, ...(await lostLogs(ctx.database.read, logs, heads))]
    const verdict = [...reports.flatMap((report) => report.faults), ...beside][0]?.kind ?? 'intact'
    return { verdict, events: read.total, unsequenced, logs: reports, faults: beside }
  } finally {
    await threads.close()
  }
}

async function stretchesOf({ database }: Context): Promise<SeqRange[]> {
  const ranges: SeqRange[] = []
  for (const range of rangesOf(database.read, STRETCH)) {
    ranges.push(range)
    await breathe()
  }
  return ranges
}

/**
 * A log holds no more leaves than there are rows. Where its last index says more, one of so many first indexes is missing, and is found;
 * to look for all that would lie between would never end.
 */
function sizeWithin(rows: number, { size }: SizedLog): number {
  return Number.isSafeInteger(size) ? Math.max(0, Math.min(size, rows + 1)) : rows + 1
}

/** All tasks of a verification, and what they found so far. */
class Reading {
  readonly found: Map<number, Gathered>
  /** Subjects whose row agrees with an event that speaks of them. */
  readonly confirmed = new Set<string>()
  readonly total: number
  private done = 0

  constructor(
    private readonly threads: TaskRunner,
    private readonly logs: SizedLog[],
    private readonly onProgress: (progress: Progress) => void,
  ) {
    this.found = new Map(logs.map((log) => [log.id, new Gathered(log)]))
    this.total = logs.reduce((sum, log) => sum + log.size, 0)
  }

  /** The longest task first, so that the threads end together. */
  async all(ranges: SeqRange[]): Promise<TablesResult> {
    const tables = this.threads.run('tables', null)
    const [result] = await Promise.all([
      tables,
      ...ranges.map((range) => this.stretch(range)),
      ...this.logs.map((log) => this.tree(log)),
    ])
    return result
  }

  private async stretch(range: SeqRange): Promise<void> {
    const { leaves, logs, confirmed } = await this.threads.run('stretch', { range, logs: this.logs })
    for (const [id, findings] of logs) this.found.get(id)!.addStretch(findings)
    for (const subject of confirmed) this.confirmed.add(subject)
    this.done += leaves
    this.onProgress({ done: this.done, total: this.total })
  }

  private async tree({ id, size }: SizedLog): Promise<void> {
    const starts = Array.from({ length: Math.ceil(size / TREE_PART) }, (_, n) => n * TREE_PART)
    const part = async (from: number) =>
      this.found.get(id)!.addTree(await this.threads.run('tree', { logId: id, from, to: Math.min(from + TREE_PART, size) }))
    await Promise.all(starts.map(part))
  }
}

interface LogWalked {
  found: Gathered
  confirmed: ReadonlySet<string>
  heads: Heads
}

async function reportOf(ctx: Context, log: SizedLog, { found, confirmed, heads }: LogWalked): Promise<LogReport> {
  const db = ctx.database.read
  const upper = new Faults()
  for (let level = 1, entries = Math.floor(log.size / TILE); entries >= TILE; level++, entries = Math.floor(entries / TILE))
    for (let index = 0; index < Math.floor(entries / TILE); index++) {
      const hashes = (await hashesOf(db, { logId: log.id, level, from: index * TILE, count: TILE })).map((hash) =>
        hash.toString('hex'),
      )
      verifyTile(db, { logId: log.id, level, index, hashes }, upper)
    }
  const remembered = await againstHeads(db, log, heads)
  const faults = [...found.faults(confirmed), ...upper.found, ...remembered.faults]
  const first = firstOf(faults)
  return {
    ...{ log: logName(log), size: log.size, root: (await rootAt(treeOf(db, log.id), log.size)).toString('hex') },
    ...{ verdict: first?.kind ?? 'intact', firstBadIndex: first?.index ?? null, faults },
    ...{ erased: found.erased, lostByRestore: remembered.lost },
  }
}
