import { z } from 'zod'

const Timestamp = z.iso.datetime()

/** Any check that can be accepted, also one beyond the eight. */
export const CheckKey = z.string().regex(/^[a-z][a-z0-9_]{1,39}$/, 'the id of a check')

/** A warning or failure that somebody accepted: it leaves score and status, and stays visible. */
export const Deviation = z.object({
  id: z.string(),
  domain: z.string(),
  domainId: z.string(),
  checkId: CheckKey,
  /** The verdict that was accepted: status and reason code. */
  status: z.enum(['warn', 'fail']),
  code: z.string(),
  /** Why, in the words of who accepted it. */
  reason: z.string(),
  acceptedBy: z.object({ id: z.string(), name: z.string().nullable() }),
  acceptedAt: Timestamp,
  until: Timestamp,
  /** Whether it counts now: its time is not over, and the check still says what was accepted. */
  holds: z.boolean(),
})
export type Deviation = z.infer<typeof Deviation>

/** One year: what is accepted for longer is accepted again. */
export const MAX_DEVIATION_DAYS = 366

export const DeviationInput = z.object({
  domain: z.string().trim().min(1).max(400),
  checkId: CheckKey,
  /** The reason code that is accepted, as it was shown. */
  code: z.string().min(1).max(100),
  reason: z.string().trim().min(1).max(500),
  /** At most a year ahead. */
  until: Timestamp,
  /** The id of the deviation that this one replaces: another reason, or another end. */
  replaces: z.string().max(100).optional(),
})
export type DeviationInput = z.infer<typeof DeviationInput>

export const DeviationsQuery = z.object({ domain: z.string().trim().min(1).max(400).optional() })
export const Deviations = z.object({ deviations: z.array(Deviation) })
export const DeviationParams = z.object({ idOrSlug: z.string().min(1), id: z.string().min(1).max(100) })
