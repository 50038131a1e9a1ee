import type { Db } from '#drizzle/client'
import type { AuditRisk } from '#shared/schemas/audit'
import { factorSentence, type RiskFactor } from './rules'
import { riskRows } from './store'

export { Assessor } from './assess'

const NONE: AuditRisk = { score: 0, isAnomalous: false, factors: [] }

/** The risks of events by their seq, some hundreds at once. One that was not looked at yet, within a second of its commit, has none. */
export async function risksOf(db: Db, seqs: readonly number[]): Promise<(seq: number) => AuditRisk> {
  const rows = await riskRows(db, seqs)
  return (seq) => {
    const row = rows.get(seq)
    if (!row) return NONE
    const factors = (JSON.parse(row.factors) as RiskFactor[]).map((factor) => ({
      ...{ code: factor.code, sentence: factorSentence(factor), points: factor.points },
    }))
    return { score: row.score, isAnomalous: row.anomalous, factors }
  }
}
