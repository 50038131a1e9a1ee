import { transaction } from '#drizzle/transaction'
import type { Turn } from '#drizzle/write-queue'
import type { Context } from '#server/platform/context'
import type { Severity } from '#shared/audit-words'
import { kindOf } from '../actions'
import { Pasts } from './pasts'
import { riskOf, RULES_VERSION } from './rules'
import { assessedUpTo, eventsAfter, insertRisk, markAssessed, type Seen } from './store'

/** Events of one transaction. */
const SLICE = 256

/**
 * Gives events their risk after their commit, so that an append never waits for it. Every slice is one transaction that reads by itself
 * how far risks are known: two processes at once, or a death at any point, leave no event out.
 */
export class Assessor {
  private pasts: Pasts | null = null

  constructor(private readonly ctx: Pick<Context, 'database' | 'tx'>) {}

  /** Until nothing waits. @returns how many events were looked at */
  async assess(): Promise<number> {
    for (let looked = 0; ;) {
      const count = await this.slice(SLICE)
      looked += count
      if (count < SLICE) return looked
    }
  }

  /** Up to `size` events in one transaction. @returns how many there were */
  async slice(size: number, turn: Turn = 'next'): Promise<number> {
    // What a slice adds to the past counts only when it is committed.
    const held = this.pasts
    this.pasts = null
    const [pasts, count] = await transaction(
      this.ctx,
      async ({ tx }): Promise<[Pasts, number]> => {
        const known = await assessedUpTo(tx)
        const pasts = held?.isAt(known) ? held : await Pasts.upTo(tx, known)
        const events = eventsAfter(tx, known, size)
        for (const event of events) {
          const risk = riskOf(ruled(event), await pasts.of(tx, event))
          pasts.add(event)
          if (risk.score > 0)
            await insertRisk(tx, {
              ...{ eventSeq: event.seq, score: risk.score, anomalous: risk.isAnomalous, rules: RULES_VERSION },
              factors: JSON.stringify(risk.factors),
            })
        }
        if (events.length > 0) await markAssessed(tx, events.at(-1)!.seq)
        return [pasts, events.length]
      },
      turn,
    )
    this.pasts = pasts
    return count
  }
}

const ruled = (event: Seen) => ({
  ...event,
  severity: event.severity as Severity,
  privilege: kindOf(event.action)?.privilege === true,
})
