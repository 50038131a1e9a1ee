import type { Evidence } from '#shared/schemas/checks'
import type { ExtendedStatus } from '#shared/schemas/extended'
import { type Judge, judgeOver } from '../../evaluate/verdict'

/** A judge that may also say `info`. */
export type ExtendedJudge<Code extends string> = Judge<Code, ExtendedStatus>

/** See `judgeOver`. */
export function extendedJudge<Code extends string>(evidence: Evidence): ExtendedJudge<Code> {
  return judgeOver<Code, ExtendedStatus>(evidence)
}
