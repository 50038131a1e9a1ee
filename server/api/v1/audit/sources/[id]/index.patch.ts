import { defineApiHandler } from '#server/http/define-api-handler'
import { updateSource } from '#server/services/ingest'
import { IngestSource, IngestSourceParams, IngestSourcePatch } from '#shared/schemas/ingest'

export default defineApiHandler({
  summary: 'Pause a source of the audit log, let it go on, or set how it is reached',
  permission: 'ingest.write',
  params: IngestSourceParams,
  body: IngestSourcePatch,
  response: IngestSource,
  handler: (ctx, { params, body }) => updateSource(ctx, params.id, body),
})
