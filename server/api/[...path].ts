import { defineApiHandler } from '#server/http/define-api-handler'
import { ServiceError } from '#shared/errors'
import { z } from 'zod'

/** Without this an unknown address below /api would answer with the page shell. */
export default defineApiHandler({
  summary: 'Nothing is here',
  permission: 'session.read',
  response: z.never(),
  handler: async () => {
    throw new ServiceError('NOT_FOUND', 'There is nothing here')
  },
})
