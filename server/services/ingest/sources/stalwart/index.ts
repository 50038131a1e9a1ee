import { z } from 'zod'
import { defineSource } from '../../contract'

const Settings = z.object({
  secrets: z
    .array(z.string().min(16).max(1_000))
    .max(5)
    .describe('The keys that the webhook signs with; two while they change')
    .optional(),
})

export const stalwart = defineSource({
  ...{ id: 'stalwart', vocabulary: 'stalwart', kind: 'webhook', endpoint: '/ingest/stalwart/webhook' },
  about: 'Stalwart sends its events by a signed webhook.',
  settings: Settings,
  secrets: ['secrets'],
  environment: {
    secrets: {
      name: 'STALWART_WEBHOOK_SECRET',
      of: ({ ingest }) => (ingest.stalwartSecrets.length > 0 ? [...ingest.stalwartSecrets] : null),
    },
  },
  isConfigured: ({ secrets }) => Boolean(secrets?.length),
})
