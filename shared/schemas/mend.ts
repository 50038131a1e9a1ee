import { z } from 'zod'
import { CheckId, CheckStatus } from './checks'

/** One record set that a domain should have, beside what it has. */
export const MendRecord = z.object({
  /** `mx`, `spf`, `dkim`, `dmarc`, `webmail`, … */
  kind: z.string(),
  label: z.string(),
  checkId: CheckId,
  name: z.string(),
  type: z.string(),
  found: z.array(z.string()),
  /** Presentation form, one a line, names absolute; empty when only somebody else can say it, or nothing is to be published. */
  wanted: z.array(z.string()),
  /** `unknown`: what stands there could not be seen. */
  state: z.enum(['keep', 'change', 'add', 'unknown']),
  /** The sentence of the check; null where nothing has to change. */
  why: z.string().nullable(),
  note: z.string().nullable(),
  visibleAfterSec: z.int().nullable(),
})
export type MendRecord = z.infer<typeof MendRecord>

/** All that a domain should publish, and what has to change on its mail host. */
export const Mend = z.object({
  tenant: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  domain: z.string(),
  domainId: z.string(),
  mailHost: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** When the present values were seen; null before the first look. */
  asOf: z.iso.datetime().nullable(),
  records: z.array(MendRecord),
  host: z.array(
    z.object({ checkId: CheckId, status: CheckStatus, message: z.string(), summary: z.string(), steps: z.array(z.string()) }),
  ),
  /** All wanted records as a master file (RFC 1035 §5). */
  zoneFile: z.string(),
})
export type Mend = z.infer<typeof Mend>
