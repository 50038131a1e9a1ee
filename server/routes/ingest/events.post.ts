import { OnboardingEvent, OnboardingReceipt } from '#shared/schemas/tenants'
import { defineApiHandler } from '#server/http/define-api-handler'
import { readBodyText } from '#server/http/read-body'
import { receiveOnboarding } from '#server/services/tenants'

export default defineApiHandler({
  summary: 'Receive an onboarding event (CloudEvents 1.0, structured JSON), which registers its domain; with a bearer token only',
  permission: 'events.ingest',
  body: OnboardingEvent,
  response: OnboardingReceipt,
  handler: async (ctx, { body, event }) => receiveOnboarding(ctx, body, await readBodyText(event)),
})
