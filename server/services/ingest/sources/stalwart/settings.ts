import { z } from 'zod'

export const StalwartSettings = z.object({
  secrets: z
    .array(z.string().min(16).max(1_000))
    .max(5)
    .describe('The keys that the webhook signs with; two while they change')
    .optional(),
  refuseAfterHours: z
    .int()
    .min(1)
    .max(87_600)
    .describe('Leave out events that are older, in hours; nothing is left out when not set')
    .optional(),
})
export type StalwartSettings = z.output<typeof StalwartSettings>
