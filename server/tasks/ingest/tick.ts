import { processWorld } from '#server/platform/process'
import { startDueSources } from '#server/services/ingest'
import { defineTask } from 'nitropack/runtime'

export default defineTask({
  meta: { name: 'ingest:tick', description: 'Looks at the audit sources whose time has come' },
  run: () => startDueSources(processWorld()).then(() => ({ result: 'started' })),
})
