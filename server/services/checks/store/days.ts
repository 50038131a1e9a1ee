import { sql } from 'drizzle-orm'
import { checkDays } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import { DAY_COUNTERS, daySeconds } from '../day-seconds'
import type { MergedLook } from '../merge-look'
import { DAY_MS } from '../strip'

type Inside = Context & { tx: NonNullable<Context['tx']> }
type DayRow = typeof checkDays.$inferInsert

/** Looks further apart than so many intervals: nobody watched in between. */
const WATCHED_INTERVALS = 2

/** Adds what stood since the look before, and what a second look did not confirm, to the counters of their days. */
export async function countDays(ctx: Inside, domainId: string, merged: readonly MergedLook[]): Promise<void> {
  const mostMs = WATCHED_INTERVALS * ctx.config.auditIntervalSec * 1000
  const rows = merged.flatMap(({ row, previous, retried }): DayRow[] => {
    const key = { domainId, checkId: row.checkId }
    const counter = previous && DAY_COUNTERS[previous.status]
    const parts = counter ? daySeconds(previous.checkedAt, row.checkedAt, mostMs) : []
    const stood = parts.map(({ day, seconds }) => ({ ...key, day, [counter!]: seconds }))
    return retried ? [...stood, { ...key, day: Math.floor(row.checkedAt / DAY_MS), retries: 1 }] : stood
  })
  const add = (column: 'warnSec' | 'failSec' | 'unknownSec' | 'retries') =>
    sql`${checkDays[column]} + ${sql.raw(`excluded.${checkDays[column].name}`)}`
  if (rows.length > 0)
    await ctx.tx
      .insert(checkDays)
      .values(rows)
      .onConflictDoUpdate({
        target: [checkDays.domainId, checkDays.checkId, checkDays.day],
        set: { warnSec: add('warnSec'), failSec: add('failSec'), unknownSec: add('unknownSec'), retries: add('retries') },
      })
}
