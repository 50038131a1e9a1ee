import { z } from 'zod'
import { CheckId, CheckStatus, RunStatus } from './checks'
import { CycleState, DomainSummary } from './overview'

/** One check of a domain in a run that a person asked for has finished; the stored verdict comes with `run`. */
export const LiveCheck = z.object({
  runId: z.string(),
  tenant: z.string(),
  domain: z.string(),
  checkId: CheckId,
  status: CheckStatus,
})
/** A domain has new verdicts, or a run has moved. */
export const LiveRun = z.object({
  runId: z.string().nullable(),
  status: RunStatus,
  done: z.int(),
  total: z.int(),
  summary: DomainSummary.optional(),
})
/** An extended check of a domain says something else than before. */
export const LiveExtended = z.object({ tenant: z.string(), domain: z.string() })
export const LiveCycle = CycleState
/** Events got their place in the log: how many, and the newest of them (twenty at most) by what filters go by. */
export const LiveAudit = z.object({
  count: z.int(),
  events: z.array(
    z.object({
      ...{ seq: z.int(), id: z.string(), at: z.iso.datetime(), action: z.string(), category: z.string(), severity: z.string() },
      ...{ outcome: z.string(), source: z.string(), actorType: z.string(), resourceType: z.string() },
      ...{ tenantId: z.string().nullable(), partnerId: z.string().nullable() },
    }),
  ),
})
export type LiveCheck = z.infer<typeof LiveCheck>
export type LiveRun = z.infer<typeof LiveRun>
export type LiveExtended = z.infer<typeof LiveExtended>
export type LiveAudit = z.infer<typeof LiveAudit>
