import type { Context } from '#server/platform/context'
import type { CheckId } from '#shared/schemas/checks'
import { answerCacheOf } from './answer-cache'
import { canaryResolves } from './canary'
import { type Looking, lookAt } from './look'
import { machineOf } from './machine'
import { memoryOf } from './memory'
import { Places } from './places'
import { knownVerdicts } from './known'
import { createRunWorld, type RunWorld } from './run-world'
import { type Claim, claimDomain, releaseClaims } from './store/claims'
import { recordCanary } from './store/cycle'
import { beatRuns, finishRun, publishCheck, skipInRun } from './store/runs'
import { storeVerdicts } from './store/verdicts'

export interface RunWork {
  runId: string
  tenantId: string
  /** The tenant's slug, for the live stream. */
  tenant: string
  domains: { id: string; domain: string }[]
}

/** A person waits for this, but the cycle goes on beside it. */
const CONCURRENCY = 16
const HEARTBEAT_MS = 5_000
/** The cycle may be looking at the domain just now: that ends within the domain's budget. */
const CLAIM_PAUSE_MS = 250
const CLAIM_TRIES = 160
/** A domain that is edited while it is looked at is looked at again. */
const LOOK_TRIES = 3

/** Carries out a run to its end. Never rejects: what goes wrong ends the run as failed. */
export async function carryOut(ctx: Context, work: RunWork, looking: Looking): Promise<void> {
  const { signal } = machineOf(ctx).stopping
  const canary = canaryResolves(ctx, signal)
  const world = freshWorld(ctx, canary)
  const places = new Places(CONCURRENCY)
  const heartbeat = setInterval(() => void beatRuns(ctx, [work.runId]).catch(() => {}), HEARTBEAT_MS)
  const job = { ctx, work, looking, world, signal, places }
  try {
    await Promise.all(
      work.domains.map((domain) => places.within(async () => void (signal.aborted || (await lookOnce(job, domain))))),
    )
    if (!signal.aborted) await recordCanary(ctx, await canary)
    answerCacheOf(ctx).forget()
    await finishRun(ctx, work.runId, signal.aborted ? 'failed' : 'done')
    clearInterval(heartbeat)
    const ids = work.domains.map(({ id }) => id)
    await looking.extended?.runFor(ctx, looking.targets, world, ids)
  } catch (error) {
    const cause = error instanceof Error ? error.name : 'unknown'
    ctx.log.error('A run could not be carried out', { component: 'checks', requestId: ctx.requestId, cause })
    // When even this cannot be written the missing heartbeat says it.
    await finishRun(ctx, work.runId, 'failed').catch(() => {})
  } finally {
    clearInterval(heartbeat)
  }
}

interface Job {
  ctx: Context
  work: RunWork
  looking: Looking
  world: RunWorld
  signal: AbortSignal
  places: Places
}

async function lookOnce(job: Job, { id, domain }: RunWork['domains'][number]): Promise<void> {
  const { ctx, work, looking, world, signal, places } = job
  const { runId, tenantId, tenant } = work
  for (let tries = 0; tries < LOOK_TRIES; tries++) {
    const claim = await waitForClaim(ctx, id, signal)
    const target = claim && (await looking.targets(ctx, [id])).get(id)
    if (claim && signal.aborted) return releaseClaims(ctx, [claim])
    if (!claim || !target) break
    const told: Promise<void>[] = []
    const onResult = ({ checkId, status }: { checkId: CheckId; status: Parameters<typeof publishCheck>[2]['status'] }) =>
      void told.push(publishCheck(ctx, tenantId, { runId, tenant, domain, checkId, status }))
    const pause = (ms: number) => places.outside(() => ctx.pause(ms, signal))
    const known = await knownVerdicts(ctx, claim)
    const outcomes = await lookAt({ looking, world, target, known, signal, pause, onResult })
    // Progress is a courtesy: when it cannot be told the verdicts still count.
    await Promise.allSettled(told)
    if (signal.aborted) return releaseClaims(ctx, [claim])
    const stored = await storeVerdicts(ctx, claim, outcomes, { runId, total: work.domains.length })
    if (stored === 'stored') return
  }
  // Gone, or held by somebody who does not come back: counted, with what is stored.
  if (!signal.aborted) await skipInRun(ctx, runId)
}

async function waitForClaim(ctx: Context, domainId: string, signal: AbortSignal): Promise<Claim | null> {
  for (let tries = 0; tries < CLAIM_TRIES && !signal.aborted; tries++) {
    const claim = await claimDomain(ctx, domainId)
    if (claim) return claim
    await new Promise((done) => setTimeout(done, CLAIM_PAUSE_MS))
  }
  return null
}

/** Nothing from any cache but what this run itself has looked at. */
function freshWorld(ctx: Context, canary: Promise<boolean>): RunWorld {
  const { config, http, tls, mail, now, random, lagMs } = ctx
  const parts = { config, http, tls, mail, now, random, lagMs, memory: memoryOf(ctx) }
  return createRunWorld({ ...parts, canary: () => canary, dns: ctx.dns.fresh() })
}
