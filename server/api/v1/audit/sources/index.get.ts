import { defineApiHandler } from '#server/http/define-api-handler'
import { listSources } from '#server/services/ingest'
import { IngestSourceList } from '#shared/schemas/ingest'

export default defineApiHandler({
  summary: 'The sources of the audit log: state, lag, last error, counters and settings; secrets are never shown',
  permission: 'ingest.read',
  response: IngestSourceList,
  handler: (ctx) => listSources(ctx),
})
