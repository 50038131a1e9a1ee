import { defineApiHandler } from '#server/http/define-api-handler'
import { testSource } from '#server/services/ingest'
import { IngestSourceParams, IngestSourceTest } from '#shared/schemas/ingest'

export default defineApiHandler({
  summary: 'Try a source of the audit log with its settings as they hold now; no event of it is stored',
  permission: 'ingest.write',
  params: IngestSourceParams,
  response: IngestSourceTest,
  handler: (ctx, { params }) => testSource(ctx, params.id),
})
