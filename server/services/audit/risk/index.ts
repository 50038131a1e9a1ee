import type { AuditRisk } from '#shared/schemas/audit'
import { factorSentence, type RiskFactor } from './rules'

export { Assessor } from './assess'
export { anyUnassessed } from './store'

const NONE: AuditRisk = { score: 0, isAnomalous: false, factors: [] }

/** The risk in an event's row; one that was not looked at yet, within a second of its commit, has none. */
export function riskOfRow({ score, anomalous, factors }: RiskColumns): AuditRisk {
  if (score === null) return NONE
  const told = (JSON.parse(factors!) as RiskFactor[]).map((factor) => ({
    ...{ code: factor.code, sentence: factorSentence(factor), points: factor.points },
  }))
  return { score, isAnomalous: anomalous === 1, factors: told }
}

interface RiskColumns {
  score: number | null
  anomalous: number | null
  factors: string | null
}
