import type { Context } from '#server/platform/context'
import { perDatabase } from '#server/platform/process'
import type { Verification } from '#shared/schemas/audit'
import { verifyAndRecord } from './record'

/** The verification of this process: the one under way, else the last. */
const held = perDatabase<{ now: Verification }>(() => ({
  now: { state: 'never', startedAt: null, endedAt: null, progress: null, report: null },
}))

export function verification(ctx: Context): Verification {
  return held(ctx).now
}

/** Starts one, or joins the one that is under way; who started it stands in the log when it is done. */
export function startVerification(ctx: Context): Verification {
  const job = held(ctx)
  if (job.now.state === 'running') return job.now
  const timestamp = () => new Date(ctx.now()).toISOString()
  job.now = { state: 'running', startedAt: timestamp(), endedAt: null, progress: null, report: null }
  const end = (state: 'done' | 'failed', report: Verification['report']) =>
    (job.now = { ...job.now, state, endedAt: timestamp(), report })
  verifyAndRecord(ctx, (progress) => (job.now = { ...job.now, progress }))
    .then((report) => end('done', report))
    .catch((error: unknown) => {
      end('failed', null)
      const cause = error instanceof Error ? error.name : 'unknown'
      ctx.log.error('The audit log could not be verified', { component: 'audit', requestId: ctx.requestId, cause })
    })
  return job.now
}
