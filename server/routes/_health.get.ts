import { setResponseStatus } from 'h3'
import { defineApiHandler } from '#server/http/define-api-handler'
import { health } from '#server/services/telemetry'
import { Health } from '#shared/schemas/health'
import { version } from '../../package.json'

export default defineApiHandler({
  summary: 'How the process is: database, cycle, disk',
  permission: 'public',
  response: Health,
  async handler(ctx, { event }) {
    const answer = await health(ctx, version)
    if (answer.status === 'down') setResponseStatus(event, 503)
    return answer
  },
})
