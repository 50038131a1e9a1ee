import type { CheckId, CheckResult, Evidence, Fix } from '#shared/schemas/checks'
import type { CheckTarget, Verdict } from './collectors/contract'
import { reasonFor } from './reasons'

/** Tells a verdict: the sentence, the rule that decided, and what to publish or do. Pure; verdicts of older versions are told too. */
export function renderVerdict(
  checkId: CheckId,
  verdict: Verdict,
  target: CheckTarget,
): Pick<CheckResult, 'message' | 'rule' | 'fix'> {
  const reason = reasonFor(checkId, verdict.reason)
  const needsFix = verdict.status !== 'pass' && reason.fix !== undefined
  const fix = needsFix && reason.fix ? withVisibility(reason.fix(verdict, target), verdict.evidence) : null
  return { message: reason.message(verdict.params), rule: reason.rule, fix }
}

/** A change shows when the answer that was given has run out: its TTL, or the negative TTL (RFC 2308 §5). */
function withVisibility(fix: Omit<Fix, 'visibleAfterSec'>, evidence: Evidence): Fix {
  if (!fix.record) return { ...fix, visibleAfterSec: null }
  const { name, type } = fix.record
  const atName = evidence.lookups.filter((lookup) => lookup.name === name)
  const lookup = atName.find((one) => one.type === type) ?? atName[0]
  return { ...fix, visibleAfterSec: lookup ? lookup.ttl : null }
}
