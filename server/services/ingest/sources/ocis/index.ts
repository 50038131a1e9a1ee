import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { defineSource } from '../../contract'

const Settings = z.object({
  path: z
    .string()
    .max(1_000)
    .refine(isAbsolute, 'an absolute path')
    .describe('The file that OCIS writes its audit log to')
    .optional(),
})

export const ocis = defineSource({
  ...{ id: 'ocis', vocabulary: 'ocis', kind: 'tail', everyMs: 5_000 },
  about: 'The audit log file of ownCloud Infinite Scale, followed as it grows.',
  settings: Settings,
  secrets: [],
  environment: { path: { name: 'OCIS_AUDIT_LOG_PATH', of: ({ ingest }) => ingest.ocisAuditLogPath } },
  isConfigured: ({ path }) => path !== undefined,
})
