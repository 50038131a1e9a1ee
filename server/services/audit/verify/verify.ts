import { breathe } from '#server/platform/breathe'
import type { Context } from '#server/platform/context'
import { type Heads, readHeads } from '../heads'
import { TILE } from '../proofs'
import { logName } from '../read-places'
import { type Log, logsWithSize } from '../store-log'
import { Gathered } from './gathered'
import { rangesOf, type SeqRange } from './read-leaves'
import { againstHeads, lostLogs, sizesAsked } from './remembered'
import { firstOf, type LogReport, type Report } from './report'
import type { TablesResult, TaskRunner } from './tasks'
import { Threads } from './threads'

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
    const read = new Reading({ threads, logs, heads, onProgress })
    const { faults, unsequenced } = await read.all(ranges)
    const reports: LogReport[] = []
    for (const log of logs) reports.push(await reportOf(ctx, log, read))
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

/** What a verification reads, and who does it. */
interface Plan {
  threads: TaskRunner
  logs: SizedLog[]
  heads: Heads
  onProgress: (progress: Progress) => void
}

/** All tasks of a verification, and what they found so far. */
class Reading {
  readonly found: Map<number, Gathered>
  /** Subjects whose row agrees with an event that speaks of them. */
  readonly confirmed = new Set<string>()
  readonly total: number
  private done = 0

  constructor(readonly plan: Plan) {
    const { logs } = plan
    this.found = new Map(logs.map((log) => [log.id, new Gathered(log)]))
    this.total = logs.reduce((sum, log) => sum + log.size, 0)
  }

  /** The longest task first, so that the threads end together. */
  async all(ranges: SeqRange[]): Promise<TablesResult> {
    const { threads, logs } = this.plan
    const tables = threads.run('tables', null)
    const [result] = await Promise.all([
      tables,
      ...ranges.map((range) => this.stretch(range)),
      ...logs.map((log) => this.tree(log)),
    ])
    return result
  }

  private async stretch(range: SeqRange): Promise<void> {
    const { threads, onProgress } = this.plan
    const { leaves, logs, confirmed } = await threads.run('stretch', { range, logs: this.plan.logs })
    for (const [id, findings] of logs) this.found.get(id)!.addStretch(findings)
    for (const subject of confirmed) this.confirmed.add(subject)
    this.done += leaves
    onProgress({ done: this.done, total: this.total })
  }

  /** Tile by tile, then what lies above: that takes what each part tells of tiles that are not full. */
  private async tree(log: SizedLog): Promise<void> {
    const { threads, heads } = this.plan
    const [{ id: logId, size }, found, sizes] = [log, this.found.get(log.id)!, sizesAsked(log, heads)]
    const starts = Array.from({ length: Math.ceil(size / TREE_PART) }, (_, n) => n * TREE_PART)
    const parts = await Promise.all(
      starts.map((from) => threads.run('tree', { logId, from, to: Math.min(from + TREE_PART, size), sizes })),
    )
    for (const part of parts) found.addTree(part)
    const edges = new Map(parts.flatMap((part) => [...part.edges]))
    found.addUpperTree(await threads.run('upperTree', { logId, size, sizes, edges }))
  }
}

async function reportOf({ database }: Context, log: SizedLog, { found, confirmed, plan }: Reading): Promise<LogReport> {
  const walked = found.get(log.id)!
  const root = (size: number) => walked.rootAt(size)
  const remembered = await againstHeads(database.read, { log, rootAt: root, heads: plan.heads })
  const faults = [...walked.faults(confirmed), ...remembered.faults]
  const first = firstOf(faults)
  return {
    ...{ log: logName(log), size: log.size, root: root(log.size) },
    ...{ verdict: first?.kind ?? 'intact', firstBadIndex: first?.index ?? null, faults },
    ...{ erased: walked.erased, lostByRestore: remembered.lost },
  }
}
