import { defineNitroPlugin } from 'nitropack/runtime'
import { readConfig } from '#server/platform/config'
import { liveHub } from '#server/platform/live'
import { holdWorld } from '#server/platform/process'
import { createWorld } from '#server/platform/wire'
import { stopChecks } from '#server/services/checks'

/** The one start-up file: config → database → world on each request → close. Synchronous; migrations ran before (scripts/start.mjs). */
export default defineNitroPlugin((nitro) => {
  const world = createWorld(readConfig(process.env))
  holdWorld(world)
  nitro.hooks.hook('request', (event) => {
    event.context.world = world
  })
  // At the signal itself: Nitro calls `close` only after the last connection has ended, and a live stream never ends by itself.
  const stop = async () => {
    holdWorld(null)
    liveHub(world).close()
    await stopChecks(world)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop())
  nitro.hooks.hook('close', async () => {
    await stop()
    await world.database.close()
  })
})
