import type { Db } from '#drizzle/client'
import type { SecretBox } from '#server/platform/secrets'
import { keeping } from '../kept'
import { rootOf } from '../merkle'
import { TILE } from '../proofs'
import { checkEvent, type Checking, type Tally } from './check-event'
import { type Fault, Faults } from './faults'
import { erasureDeclared, hashAt, leavesOf, tileAt } from './read-leaves'
import { offending, TABLE_CHECKS, unsequencedCount } from './read-tables'
import { Walk } from './walk'

/** What a task needs of its thread. */
export interface TaskWorld {
  db: Db
  secrets: SecretBox
}

/** Leaves from `from` up to `to` of a log; `from` is the first leaf of a tile. */
export interface Stretch {
  logId: number
  scope: string
  from: number
  to: number
}

export interface StretchResult {
  faults: Fault[]
  count: number
  erased: number
  subjects: Map<string, number>
  confirmed: Set<string>
}

export interface TablesResult {
  faults: Fault[]
  unsequenced: number
}

/** The work of verification, cut so that threads can share it. */
export const TASKS = { stretch: verifyStretch, tables: verifyTables }
export type TaskName = keyof typeof TASKS

/** Who does the tasks: threads, or in a test whoever calls. */
export interface TaskRunner {
  run<T extends TaskName>(task: T, input: Parameters<(typeof TASKS)[T]>[1]): Promise<ReturnType<(typeof TASKS)[T]>>
  close(): Promise<void>
}

/** Their tags are remembered: people come from the same few. */
const ADDRESSES = 5_000
/** Rows of one statement. */
const PAGE = 512

export function verifyStretch({ db, secrets }: TaskWorld, { logId, scope, from, to }: Stretch): StretchResult {
  const faults = new Faults()
  const tally: Tally = { erased: 0, subjects: new Map(), confirmed: new Set() }
  const isErased = (subjectId: string) => erasureDeclared(db, subjectId)
  const ipTag = keeping(ADDRESSES, (ip) => secrets.tag('ip', ip))
  const checking: Checking = { scope, secrets, ipTag, faults, tally, isErased }
  const walk = new Walk(scope, from, from > 0 ? hashAt(db, logId, from - 1) : null, faults)
  for (let at = from; at < to; at += PAGE)
    for (const row of leavesOf(db, logId, at, Math.min(at + PAGE, to))) {
      const event = walk.step(row)
      if (event) checkEvent(row, event, checking)
    }
  walk.finish(to)
  for (let at = 0; at + TILE <= to - from; at += TILE)
    verifyTile(db, { logId, level: 0, index: (from + at) / TILE, hashes: walk.hashes.slice(at, at + TILE) }, faults)
  return { faults: faults.kept, count: faults.count, ...tally }
}

/** A full tile against what lies below it. */
export function verifyTile(
  db: Db,
  { logId, level, index, hashes }: { logId: number; level: number; index: number; hashes: (Buffer | undefined)[] },
  faults: Faults,
): void {
  const place = index * TILE ** (level + 1)
  const tile = tileAt(db, logId, level, index)
  if (!tile) return faults.add('missing', place, `a tile of level ${level}`)
  const differs = hashes.findIndex((hash, n) => !hash?.equals(tile.hashes.subarray(n * 32, n * 32 + 32)))
  if (differs >= 0 || tile.hashes.length !== TILE * 32)
    faults.add('modified', place + Math.max(0, differs) * TILE ** level, `a tile of level ${level}, or what lies below it`)
  else if (!rootOf(hashes as Buffer[]).equals(tile.root)) faults.add('modified', place, `the root of a tile of level ${level}`)
}

function verifyTables({ db }: TaskWorld, _: null): TablesResult {
  const faults = new Faults()
  for (const check of TABLE_CHECKS) {
    const count = offending(db, check)
    if (count > 0) faults.add(check.kind, null, count > 1 ? `${check.what} (${count} times)` : check.what)
  }
  return { faults: faults.kept, unsequenced: unsequencedCount(db) }
}
