import { EventsReceipt, SentEvents } from '#shared/schemas/ingest'
import { defineApiHandler } from '#server/http/define-api-handler'
import { whileReceived } from '#server/http/received'
import { receiveEvents } from '#server/services/ingest'

export default defineApiHandler({
  summary: 'Receive events of other systems (JSON or CloudEvents 1.0), signed in X-Signature or with a bearer token',
  permission: 'public',
  rawBody: SentEvents,
  response: EventsReceipt,
  handler: (ctx, { event }) => whileReceived(event, (received) => receiveEvents(ctx, received)),
})
