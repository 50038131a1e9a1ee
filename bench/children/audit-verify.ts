// Verifies a log while the loop is watched, then hashes the same bytes and nothing else. Says events a second.
import { createHash } from 'node:crypto'
import { readConfig } from '#server/platform/config'
import { createWorld } from '#server/platform/wire'
import { verifyLogs } from '#server/services/audit'
import { type LoopDelay, timed, watched } from '../lib/stats'

export interface VerifyResult {
  perSecond: number
  cpuUs: number
  delayMs: LoopDelay
  /** SHA-256 of the same events' bytes, one thread, the bytes in memory. */
  sha256: number
}

const COUNT = Number(process.env.COUNT)
/** Bytes held in memory at once. */
const CHUNK = 50_000

const ctx = createWorld(readConfig(process.env))
const { ms, cpuMs, delayMs } = await watched(async () => {
  const { verdict } = await verifyLogs(ctx)
  if (verdict !== 'intact') throw new Error(`The log is ${verdict}`)
})
const contents = ctx.database.raw.prepare('select cast(content as blob) from audit_events where seq between ? and ?').pluck()
let hashMs = 0
for (let first = 1; first <= COUNT; first += CHUNK) {
  const chunk = contents.all(first, first + CHUNK - 1) as Buffer[]
  hashMs += await timed(async () => chunk.forEach((bytes) => createHash('sha256').update(bytes).digest()))
}
await ctx.database.close()
const perSecond = (took: number) => (COUNT * 1_000) / took
process.send!({
  ...{ perSecond: perSecond(ms), cpuUs: (cpuMs * 1_000) / COUNT, delayMs, sha256: perSecond(hashMs) },
} satisfies VerifyResult)
process.disconnect()
