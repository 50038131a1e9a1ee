import { processWorld } from '#server/platform/process'
import { scheduledTick } from '#server/services/checks'
import { defineTask } from 'nitropack/runtime'

export default defineTask({
  meta: { name: 'checks:cycle', description: 'Looks at the domains whose time has come' },
  run: () => scheduledTick(processWorld()).then(() => ({ result: 'done' })),
})
