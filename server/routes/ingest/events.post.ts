import { EventsReceipt, SentEvents } from '#shared/schemas/ingest'
import { defineApiHandler } from '#server/http/define-api-handler'
import { incomingBody } from '#server/http/incoming-body'
import { receiveEvents } from '#server/services/ingest'

export default defineApiHandler({
  summary: 'Receive events of other systems (JSON or CloudEvents 1.0), signed in X-Signature or with a bearer token',
  permission: 'public',
  rawBody: SentEvents,
  response: EventsReceipt,
  handler: (ctx, { event }) => receiveEvents(ctx, incomingBody(event)),
})
