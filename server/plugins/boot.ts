import { defineNitroPlugin } from 'nitropack/runtime'
import { installAccess } from '#server/http/install-access'
import { readConfig } from '#server/platform/config'
import { liveHub } from '#server/platform/live'
import { holdWorld } from '#server/platform/process'
import { createWorld } from '#server/platform/wire'
import { Sequencer, settleHappenings } from '#server/services/audit'
import { stopChecks } from '#server/services/checks'
import { bulkOf, stopIngest } from '#server/services/ingest'

/** The one start-up file: config → database → world on each request → close. Synchronous; migrations ran before (scripts/launch.ts). */
export default defineNitroPlugin((nitro) => {
  const world = createWorld(readConfig(process.env))
  holdWorld(world)
  nitro.hooks.hook('request', (event) => {
    event.context.world = world
  })
  installAccess(nitro, world)
  const sequencer = new Sequencer(world, bulkOf(world))

  const quiet = async () => {
    liveHub(world).close()
    await Promise.all([stopChecks(world), stopIngest(world)])
  }
  // At once on the signal: an open stream would hold up the draining of requests, at whose end alone `close` comes.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void quiet())
  nitro.hooks.hook('close', async () => {
    await quiet()
    await settleHappenings()
    await sequencer.stop()
    await bulkOf(world).end()
    holdWorld(null)
    await world.database.close()
  })
})
