import { defineNitroPlugin } from 'nitropack/runtime'
import { readConfig } from '#server/platform/config'
import { createWorld } from '#server/platform/wire'

/** The one start-up file: config → database → world on each request → close. Synchronous; migrations ran before (scripts/start.mjs). */
export default defineNitroPlugin((nitro) => {
  const world = createWorld(readConfig(process.env))
  nitro.hooks.hook('request', (event) => {
    event.context.world = world
  })
  nitro.hooks.hook('close', async () => {
    await world.database.close()
  })
})
