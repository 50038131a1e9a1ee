import { checkEvent } from './check-event'
import { type Fault, Faults } from './faults'
import { LogCheck, type LogFindings, type SizedLog } from './log-check'
import { leavesOf, type SeqRange } from './read-leaves'
import { offending, TABLE_CHECKS, unsequencedCount } from './read-tables'
import type { TaskWorld } from './task-world'
import { type TreePart, verifyTree } from './tree'
import { type UpperTree, verifyUpperTree } from './upper-tree'
import { Walk } from './walk'

/** Leaves of all logs in the order of admission. */
export interface Stretch {
  range: SeqRange
  logs: SizedLog[]
}

export interface StretchResult {
  /** How many leaves were looked at. */
  leaves: number
  /** By the log's id: of those that had leaves there. */
  logs: Map<number, LogFindings>
  /** Subjects whose row agrees with the event that made it. */
  confirmed: Set<string>
}

export interface TablesResult {
  faults: Fault[]
  unsequenced: number
}

/** The work of verification, cut so that threads can share it. */
export const TASKS = {
  stretch: verifyStretch,
  tree: ({ db }: TaskWorld, part: TreePart) => verifyTree(db, part),
  upperTree: ({ db }: TaskWorld, tree: UpperTree) => verifyUpperTree(db, tree),
  tables: verifyTables,
}
export type TaskName = keyof typeof TASKS

/** Who does the tasks: threads, or in a test whoever calls. */
export interface TaskRunner {
  run<T extends TaskName>(task: T, input: Parameters<(typeof TASKS)[T]>[1]): Promise<ReturnType<(typeof TASKS)[T]>>
  close(): Promise<void>
}

function verifyStretch(world: TaskWorld, { range, logs }: Stretch): StretchResult {
  const known = new Map(logs.map((log) => [log.id, log]))
  const checks = new Map<number, LogCheck>()
  const confirmed = new Set<string>()
  const walk = new Walk(world.db)
  let leaves = 0
  for (const row of leavesOf(world.db, range)) {
    const check = checks.get(row.logId) ?? startedCheck(checks, known.get(row.logId))
    // Of a log or at an index that there cannot be, which checks of the tables tell; or placed since the verification began.
    if (!check || !Number.isInteger(row.leafIndex) || row.leafIndex >= check.log.size) continue
    const contentHash = walk.step(row, check)
    if (contentHash !== null) checkEvent(row, contentHash, { world, check, confirmed })
    leaves++
  }
  return { leaves, logs: new Map([...checks].map(([id, check]) => [id, check.findings()])), confirmed }
}

function startedCheck(checks: Map<number, LogCheck>, log: SizedLog | undefined): LogCheck | undefined {
  if (!log) return undefined
  const check = new LogCheck(log)
  checks.set(log.id, check)
  return check
}

function verifyTables({ db }: TaskWorld, _: null): TablesResult {
  const faults = new Faults()
  for (const check of TABLE_CHECKS) {
    const count = offending(db, check)
    if (count > 0) faults.add(check.kind, null, count > 1 ? `${check.what} (${count} times)` : check.what)
  }
  return { faults: faults.found, unsequenced: unsequencedCount(db) }
}
