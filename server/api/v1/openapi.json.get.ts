import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { openApiDocument } from '#server/http/openapi'

export default defineApiHandler({
  summary: 'This document',
  permission: 'session.read',
  response: z.looseObject({ openapi: z.string() }),
  async handler() {
    // Loaded when asked for: the list holds this handler too.
    const { ROUTES } = await import('#server/http/routes')
    return openApiDocument(ROUTES)
  },
})
