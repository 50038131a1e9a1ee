import type { Severity } from '#shared/audit-words'
import { hourOf, type OwnPast } from './own-past'

/** Whether any rule asks what its actor did before. */
export const asksForOwnPast = (event: Pick<AssessedEvent, 'actorType' | 'address'>) =>
  event.actorType === 'user' || (event.actorType !== 'system' && event.address !== null)

/** Changed with every change of a rule or of its points; stored beside each score. */
export const RULES_VERSION = 1

/** At this score an event is an anomaly. */
export const ANOMALY_SCORE = 60

/** An event as far as the rules look at it. */
export interface AssessedEvent {
  /** Milliseconds since 1970, as the source claims. */
  at: number
  category: string
  severity: Severity
  outcome: string
  actorType: string
  /** A keyed tag of the IP address, null without one: whether it is the same is all that counts. */
  address: string | null
  /** The action changes somebody's rights. */
  privilege: boolean
}

/** What is known of the time before the event; a few hundred events at most. */
export interface Past {
  /** The actor's own last events. */
  own: OwnPast
  /** Sign-ins of the same actor or from the same address that failed in the 15 minutes before. */
  failures: number
}

export interface RiskFactor {
  code: RiskFactorCode
  points: number
  /** What the sentence names: the hour, the number of failures, the severity. */
  detail?: string | number
}

export interface Risk {
  /** 0 to 100. */
  score: number
  factors: RiskFactor[]
  isAnomalous: boolean
}

interface Rule {
  /** What it adds to the score, and what its sentence names; null when it does not hold. */
  points(event: AssessedEvent, past: Past): Omit<RiskFactor, 'code'> | null
  sentence(detail: RiskFactor['detail']): string
}

/** Below this many events nobody's hours are known. */
const KNOWN_ENOUGH = 20
const FAILURES_BEFORE = 3
const SEVERITY_POINTS: Record<Severity, number> = { low: 0, medium: 5, high: 20, critical: 45 }

const isPerson = ({ actorType }: AssessedEvent) => actorType === 'user'

/** Every rule by its code. */
const RULES = {
  unusual_hour: {
    points(event, { own }) {
      const hour = hourOf(event.at)
      if (!isPerson(event) || own.size < KNOWN_ENOUGH) return null
      return own.knowsHour(hour) ? null : { points: 15, detail: hour }
    },
    sentence: (hour) => `Between ${hour}:00 and ${hour}:59 UTC, when this actor has not been seen before`,
  },
  new_address: {
    points({ address, actorType }, { own }) {
      if (address === null || actorType === 'system' || !own.hasAddress) return null
      return own.knowsAddress(address) ? null : { points: 20 }
    },
    sentence: () => 'From an address that this actor has not used before',
  },
  after_failures: {
    points: ({ category, outcome }, { failures }) =>
      category === 'authentication' && outcome === 'success' && failures >= FAILURES_BEFORE
        ? { points: 40, detail: failures }
        : null,
    sentence: (failures) => `After ${failures} failed attempts within 15 minutes`,
  },
  privilege_change: {
    points: ({ privilege }) => (privilege ? { points: 25 } : null),
    sentence: () => 'It changes who may do what',
  },
  severity: {
    points: ({ severity }) => (severity === 'low' ? null : { points: SEVERITY_POINTS[severity], detail: severity }),
    sentence: (severity) => `An event of ${severity} severity`,
  },
} satisfies Record<string, Rule>

export type RiskFactorCode = keyof typeof RULES
const CODES = Object.keys(RULES) as RiskFactorCode[]

/** The risk of an event by plain rules: the points of every rule that holds, 100 at most. */
export function riskOf(event: AssessedEvent, past: Past): Risk {
  const factors = CODES.flatMap((code) => {
    const found = (RULES[code] as Rule).points(event, past)
    return found ? [{ code, ...found }] : []
  })
  const score = Math.min(
    100,
    factors.reduce((sum, { points }) => sum + points, 0),
  )
  return { score, factors, isAnomalous: score >= ANOMALY_SCORE }
}

/** A factor in words. One of an older version of the rules is told by its code. */
export function factorSentence({ code, detail }: { code: string; detail?: RiskFactor['detail'] }): string {
  return Object.hasOwn(RULES, code) ? (RULES[code as RiskFactorCode] as Rule).sentence(detail) : code
}
