import { z } from 'zod'

export const Health = z.object({
  /** `down` answers 503; `degraded` still serves: the checks stand still, or the disk is nearly full. */
  status: z.enum(['ok', 'degraded', 'down']),
  version: z.string(),
  db: z.enum(['ok', 'down']),
  /** Seconds since the cycle last ticked; null before its first time. */
  cycleAgeSec: z.int().nullable(),
  /** Bytes free where the data lies; null when the system does not say. */
  diskFree: z.number().nullable(),
})
export type Health = z.infer<typeof Health>
