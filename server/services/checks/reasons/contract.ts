import type { Fix } from '#shared/schemas/checks'
import type { CheckTarget, Verdict } from '../collectors/contract'

/** How one reason code is told. All functions are pure; `params` are those of the verdict that carries the reason. */
export interface Reason {
  /** One plain sentence. */
  message(params: Verdict['params']): string
  /** The rule and its clause, for example `RFC 7208 §4.6.4`; null where no standard says it. */
  rule: string | null
  /** What to publish or do; null where nothing is to be done. */
  fix?: (verdict: Verdict, target: CheckTarget) => Omit<Fix, 'visibleAfterSec'>
  /** Set where the trouble is the mail host's and not the domain's: when it hits several domains they are told as one incident. */
  cause?: 'mail-host'
}
