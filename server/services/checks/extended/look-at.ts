import type { Context } from '#server/platform/context'
import type { ExtendedId } from '#shared/schemas/extended'
import type { CheckTarget } from '../collectors/contract'
import type { RunWorld } from '../run-world'
import { extendedCheck } from '.'
import { type ExtendedOutcome, runExtended } from './engine'
import { dueChecks } from './plan'
import { type ExtendedRow, readExtended } from './read'
import { chosenBlockLists } from './settings'
import type { SharedLooks } from './shared-looks'
import { type ExtendedClaim, releaseExtended } from './store/claims'
import { storeExtended } from './store/verdicts'

export interface ExtendedLook {
  claim: ExtendedClaim
  target: CheckTarget
  world: RunWorld
  looks: SharedLooks
  enabled: readonly ExtendedId[]
  /** A person waits: everything is looked at, due or not; only third parties are asked at their own pace, whoever asks. */
  asked: boolean
  signal: AbortSignal
}

/** Makes the extended checks of one claimed domain whose time has come, and stores what they found. */
export async function lookAtExtended(ctx: Context, look: ExtendedLook): Promise<void> {
  const { claim, enabled, asked, signal } = look
  const stored = await readExtended(ctx, claim, enabled)
  const due = dueChecks(enabled, stored, ctx.now())
  const everything = claim.dueAt === 0 || asked
  const ids = everything ? enabled.filter((id) => due.includes(id) || extendedCheck(id).thirdParty === null) : due
  const outcomes = await confirmed(ctx, look, ids, stored)
  if (signal.aborted) return releaseExtended(ctx, [claim])
  await storeExtended(ctx, claim, outcomes, enabled)
}

/** A fail that was none before is looked at a second time, past all caches: one odd answer is no failure. */
async function confirmed(
  ctx: Context,
  { target, world, looks, signal }: ExtendedLook,
  ids: readonly ExtendedId[],
  stored: readonly ExtendedRow[],
): Promise<ExtendedOutcome[]> {
  const rowOf = (id: ExtendedId) => stored.find(({ checkId }) => checkId === id)
  const onFault = (id: ExtendedId, error: unknown) =>
    ctx.log.error(`The extended check ${id} threw`, {
      component: 'checks',
      cause: error instanceof Error ? error.name : 'unknown',
    })
  const memoryOf = (id: ExtendedId) => rowOf(id)?.memory ?? null
  const run = { target, looks, signal, onFault, memoryOf, blockLists: () => chosenBlockLists(ctx) }
  const first = await runExtended(world, { ...run, ids })
  const suspects = first.filter(({ status, checkId }) => status === 'fail' && rowOf(checkId)?.status !== 'fail')
  const again = suspects.map(({ checkId }) => checkId).filter((id) => extendedCheck(id).thirdParty === null)
  if (again.length === 0 || signal.aborted) return first
  const second = await runExtended({ ...world, dns: world.dns.fresh() }, { ...run, ids: again, again: true })
  return first.map((outcome) => second.find(({ checkId }) => checkId === outcome.checkId) ?? outcome)
}
