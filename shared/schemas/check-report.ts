import { z } from 'zod'
import { CheckResult, DomainStatus } from './checks'

/** What `npm run check` prints as JSON; see docs/check-command.md. */

export const ReportedCheck = CheckResult.pick({
  checkId: true,
  status: true,
  reason: true,
  message: true,
  rule: true,
  fix: true,
  evidence: true,
  latencyMs: true,
})
export type ReportedCheck = z.infer<typeof ReportedCheck>

/** One line of `--json-lines`. */
export const CheckReport = z.object({
  domain: z.string(),
  /** X of X/8; null when nothing could be judged. */
  score: z.int().nullable(),
  max: z.int().nullable(),
  status: DomainStatus,
  checks: z.array(ReportedCheck),
})
export type CheckReport = z.infer<typeof CheckReport>

/** The document of `--json`: the domains in the order in which they were given. */
export const CheckDocument = z.object({ domains: z.array(CheckReport) })
