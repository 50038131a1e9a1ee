import type { CheckResult } from '#shared/schemas/checks'
import type { ExtendedId } from '#shared/schemas/extended'
import type { CheckTarget } from '../collectors/contract'
import { renderReason } from '../render'
import type { ExtendedVerdict } from './contract'
import { extendedReasonFor } from './reasons'

/** Tells the verdict of an extended check as `renderVerdict` does; advice goes with a piece of information as with a warning. */
export function renderExtended(
  id: ExtendedId,
  { status, ...verdict }: ExtendedVerdict,
  target: CheckTarget,
): Pick<CheckResult, 'message' | 'rule' | 'fix'> {
  return renderReason(extendedReasonFor(id, verdict.reason), { ...verdict, status: status === 'info' ? 'warn' : status }, target)
}
