import type { CheckId, CheckResult, Evidence, Fix } from '#shared/schemas/checks'
import type { CheckTarget, Verdict } from './collectors/contract'
import { reasonFor } from './reasons'
import type { Reason } from './reasons/contract'

/** Tells a verdict: the sentence, the rule that decided, and what to publish or do. Pure; verdicts of older versions are told too. */
export function renderVerdict(
  checkId: CheckId,
  verdict: Verdict,
  target: CheckTarget,
): Pick<CheckResult, 'message' | 'rule' | 'fix'> {
  return renderReason(reasonFor(checkId, verdict.reason), verdict, target)
}

/** As `renderVerdict`, by a reason of any catalogue. */
export function renderReason(
  reason: Reason,
  verdict: Verdict,
  target: CheckTarget,
): Pick<CheckResult, 'message' | 'rule' | 'fix'> {
  const needsFix = verdict.status !== 'pass' && reason.fix !== undefined
  const fix = needsFix && reason.fix ? withVisibility(reason.fix(verdict, target), verdict.evidence) : null
  return { message: reason.message(verdict.params), rule: reason.rule, fix }
}

function withVisibility(fix: Omit<Fix, 'visibleAfterSec'>, evidence: Evidence): Fix {
  return { ...fix, visibleAfterSec: fix.record && visibleAfterSec(evidence, fix.record.name, fix.record.type) }
}

/** Seconds until a change shows: the answer that was given has to run out, its TTL or the negative TTL (RFC 2308 §5). Null: nobody asked. */
export function visibleAfterSec(evidence: Evidence, name: string, type: string): number | null {
  const atName = evidence.lookups.filter((lookup) => lookup.name === name)
  return (atName.find((one) => one.type === type) ?? atName[0])?.ttl ?? null
}
