import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { ServiceError } from '#shared/errors'
import { defineApiHandler } from '#server/http/define-api-handler'
import { loadSample, SampleWorld } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'Load the sample world of the demo',
  permission: 'tenants.write',
  response: z.object({ tenants: z.int(), domains: z.int() }),
  async handler(ctx) {
    const { demoFile } = ctx.config
    if (!demoFile) throw new ServiceError('NOT_FOUND', 'This portal was not started as a demo')
    return loadSample(ctx, SampleWorld.parse(JSON.parse(await readFile(demoFile, 'utf8'))))
  },
})
