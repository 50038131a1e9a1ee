import { defineSource } from '../../contract'
import { StalwartSettings } from './settings'

export const stalwart = defineSource({
  ...{ id: 'stalwart', vocabulary: 'stalwart', kind: 'webhook', endpoint: '/ingest/stalwart/webhook' },
  about: 'Stalwart sends its events by a signed webhook.',
  settings: StalwartSettings,
  secrets: ['secrets'],
  environment: {
    secrets: {
      name: 'STALWART_WEBHOOK_SECRET',
      of: ({ ingest }) => (ingest.stalwartSecrets.length > 0 ? [...ingest.stalwartSecrets] : null),
    },
  },
  isConfigured: ({ secrets }) => Boolean(secrets?.length),
})
