import { defineApiHandler } from '#server/http/define-api-handler'
import { runSource } from '#server/services/ingest'
import { IngestSource, IngestSourceParams } from '#shared/schemas/ingest'

export default defineApiHandler({
  summary: 'Look at a source of the audit log at once; answers before the look is done',
  permission: 'ingest.write',
  params: IngestSourceParams,
  response: IngestSource,
  status: 202,
  handler: (ctx, { params }) => runSource(ctx, params.id),
})
