// Every route of the portal on a plain server, over a log that is there. On an order, events arrive at a rate. Says how that went.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, createRouter, eventHandler, type RouterMethod, toNodeListener } from 'h3'
import { ROUTES } from '#server/http/routes'
import { readConfig } from '#server/platform/config'
import { createWorld } from '#server/platform/wire'
import { Sequencer } from '#server/services/audit'
import { bulkOf } from '#server/services/ingest/bulk'
import { appendEvents } from '../audit/fill'
import { type LoopDelay, watched } from '../lib/stats'

export interface PortalOrder {
  perSecond: number
  /** The number of the first event. */
  from: number
  seconds: number
}

export interface PortalResult {
  /** Events a second that were committed. */
  arrived: number
  /** Of one core. */
  cpuShare: number
  delayMs: LoopDelay
  /** The longest that an event waited for its place, as seen from 50 ms to 50 ms. */
  behindMs: number
}

/** Events that come together: some fifty of each source. */
const BATCH = 200
/** So often under way at once: a fifth of a second of them. */
const MOST_OPEN = 5

const ctx = createWorld(readConfig(process.env))
const sequencer = new Sequencer(ctx, bulkOf(ctx))

const app = createApp().use(eventHandler((event) => void (event.context.world = ctx)))
const router = createRouter()
for (const [route, handler] of Object.entries(ROUTES)) {
  const [method, path] = route.split(' ') as [string, string]
  router.use(path.replace(/\{(\w+)\}/g, ':$1'), handler, method.toLowerCase() as RouterMethod)
}
const server = createServer(toNodeListener(app.use(router))).listen(0, '127.0.0.1')
await once(server, 'listening')
process.send!({ port: (server.address() as AddressInfo).port })

/** Deliveries on a fixed grid, whether or not the ones before are written. @returns how many events were taken */
async function arrive({ perSecond, from, seconds }: PortalOrder): Promise<number> {
  const startedAt = performance.now()
  const open = new Set<Promise<unknown>>()
  let taken = 0
  for (let n = 0; n < (perSecond * seconds) / BATCH; n++) {
    const early = startedAt + (n * BATCH * 1_000) / perSecond - performance.now()
    if (early > 0) await new Promise((done) => setTimeout(done, early))
    // Who cannot keep up is sent no more: what stands in the table is what it took.
    if (open.size >= MOST_OPEN) {
      await new Promise((done) => setImmediate(done))
      continue
    }
    const delivery: Promise<unknown> = appendEvents(ctx, from + n * BATCH, from + (n + 1) * BATCH).finally(() =>
      open.delete(delivery),
    )
    open.add(delivery)
    taken += BATCH
  }
  await Promise.all(open)
  return taken
}

process.once('message', async (order: PortalOrder) => {
  let behindMs = 0
  const oldest = ctx.database.raw
    .prepare('select received_at from audit_events where seq = (select min(event_seq) from audit_unsequenced)')
    .pluck()
  const look = setInterval(
    () => (behindMs = Math.max(behindMs, Date.now() - ((oldest.get() as number | undefined) ?? Infinity))),
    50,
  )
  let taken = 0
  const { ms, cpuMs, delayMs } = await watched(async () => (taken = await arrive(order)))
  clearInterval(look)
  const arrived = (taken * 1_000) / ms
  process.send!({ arrived, cpuShare: cpuMs / ms, delayMs, behindMs } satisfies PortalResult)
})

process.once('SIGTERM', async () => {
  server.closeAllConnections()
  server.close()
  await sequencer.stop()
  await bulkOf(ctx).end()
  await ctx.database.close()
  process.exit(0)
})
