import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { defineSource } from '../../contract'

const Settings = z.object({
  path: z
    .string()
    .max(1_000)
    .refine(isAbsolute, 'an absolute path')
    .describe('A file with one JSON object on each line')
    .optional(),
})

export const genericFile = defineSource({
  ...{ id: 'generic-file', vocabulary: 'generic', kind: 'tail', everyMs: 5_000 },
  about: 'A log file of any other program with one JSON object on each line.',
  settings: Settings,
  secrets: [],
  environment: {},
  isConfigured: ({ path }) => path !== undefined,
})
