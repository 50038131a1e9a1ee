import type { Db } from '#drizzle/client'
import type { Heads } from '../heads'
import { logName, logOf } from '../read-places'
import { type Log, restoreDeclared } from '../store-log'
import type { Fault } from './faults'

type SizedLog = Log & { size: number }

/** The sizes of a log at which its root is to be told: now, and at each head that was remembered. */
export function sizesAsked(log: SizedLog, heads: Heads): number[] {
  return [...new Set([log.size, ...(heads[logName(log)] ?? []).map(({ size }) => size).filter((size) => size <= log.size)])]
}

/** A log whose roots are known against the heads that were remembered of it outside of the database. */
export async function againstHeads(
  db: Db,
  { log, rootAt, heads }: { log: SizedLog; rootAt: (size: number) => string; heads: Heads },
): Promise<{ faults: Fault[]; lost: number }> {
  const remembered = heads[logName(log)] ?? []
  let good = 0
  for (const { size, root } of remembered.filter((head) => head.size <= log.size)) {
    if (rootAt(size) !== root) {
      const what = `it is not the log that this machine remembers: the first ${good} leaves are, the first ${size} are not`
      return { faults: [{ kind: 'forked', index: good, what }], lost: 0 }
    }
    good = size
  }
  const lost = Math.max(0, (remembered.at(-1)?.size ?? 0) - log.size)
  if (lost === 0 || (await restoreDeclared(db, log))) return { faults: [], lost }
  const what = `${lost} leaves that this machine remembers: the database is older than its log`
  return { faults: [{ kind: 'missing', index: log.size, what }], lost: 0 }
}

/** Logs that are remembered and are not there at all, unless a later one of their scope declares a restore. */
export async function lostLogs(db: Db, logs: readonly SizedLog[], heads: Heads): Promise<Fault[]> {
  const faults: Fault[] = []
  for (const name of Object.keys(heads)) {
    if (logs.some((log) => logName(log) === name)) continue
    if (await restoreDeclared(db, logOf(name))) continue
    faults.push({ kind: 'missing', index: 0, what: `the whole log ${name}, which this machine remembers` })
  }
  return faults
}
