import { z } from 'zod'
import { defineSource } from '../../contract'
import { MappingSetting } from './fields'

const Settings = z.object({
  secrets: z
    .array(z.string().min(16).max(1_000))
    .max(5)
    .describe('The keys that senders sign with; two while they change')
    .optional(),
  mapping: MappingSetting.optional(),
})

/** Whatever can send JSON; see `receiveEvents`. */
export const generic = defineSource({
  ...{ id: 'generic', vocabulary: 'generic', kind: 'webhook', endpoint: '/ingest/events' },
  about: 'Any other sender: JSON or CloudEvents, signed or with a bearer token.',
  settings: Settings,
  secrets: ['secrets'],
  environment: {
    secrets: {
      name: 'AUDIT_INGEST_SECRET',
      of: ({ ingest }) => (ingest.eventSecrets.length > 0 ? [...ingest.eventSecrets] : null),
    },
  },
  isConfigured: ({ secrets }, { bootstrapToken }) => Boolean(secrets?.length) || bootstrapToken !== null,
})
