import { z } from 'zod'
import { defineApiHandler } from '#server/http/define-api-handler'
import { incomingBody } from '#server/http/incoming-body'
import { receiveStalwart } from '#server/services/ingest'

const Receipt = z.object({ accepted: z.int(), duplicate: z.int(), skipped: z.int(), bad: z.int() })

export default defineApiHandler({
  summary: 'Receive a batch of Stalwart’s webhook, signed in X-Signature; 32 MiB at most. Answers when all of it stands',
  permission: 'public',
  response: Receipt,
  handler: (ctx, { event }) => receiveStalwart(ctx, incomingBody(event)),
})
