import { z } from 'zod'

/** The checks beyond the eight in their fixed order; they are not part of X/8. */
export const EXTENDED_IDS = [
  'mta_sts',
  'tls_rpt',
  'dane',
  'dnssec',
  'caa',
  'delegation',
  'domain_expiry',
  'bimi',
  'fcrdns',
  'smtp_tls',
  'client_ports',
  'autoconfig',
  'web_headers',
  'block_lists',
] as const
export const ExtendedId = z.enum(EXTENDED_IDS)
export type ExtendedId = z.infer<typeof ExtendedId>

export const EXTENDED_LABELS: Record<ExtendedId, string> = {
  mta_sts: 'MTA-STS',
  tls_rpt: 'TLS reports',
  dane: 'DANE',
  dnssec: 'DNSSEC',
  caa: 'CAA',
  delegation: 'Delegation',
  domain_expiry: 'Registration',
  bimi: 'BIMI',
  fcrdns: 'Reverse DNS',
  smtp_tls: 'SMTP TLS',
  client_ports: 'Client ports',
  autoconfig: 'Autoconfig',
  web_headers: 'Web headers',
  block_lists: 'Block lists',
}

/** As for the eight, and `info`: a fact worth knowing that is neither good nor bad. */
export const ExtendedStatus = z.enum(['pass', 'warn', 'fail', 'unknown', 'skipped', 'info'])
export type ExtendedStatus = z.infer<typeof ExtendedStatus>

/** The settings of the extended checks; `thirdParty` says who is told what, and so why a check is off at first. */
export const CheckSettings = z.object({
  extended: z.array(
    z.object({
      id: ExtendedId,
      about: z.string(),
      intervalSec: z.int(),
      subject: z.enum(['domain', 'host-shared']),
      thirdParty: z.string().nullable(),
      on: z.boolean(),
    }),
  ),
  /** Zones of the block lists that are asked when that check is on. */
  blockLists: z.array(z.string()),
  version: z.int(),
})
export type CheckSettings = z.infer<typeof CheckSettings>

/** The zone of a block list, such as `zen.spamhaus.org`. */
const BlockList = z
  .string()
  .trim()
  .toLowerCase()
  .max(200)
  .regex(/^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*$/, 'a zone such as zen.spamhaus.org')

/** `extended` names those to switch, `blockLists` replaces the lists; with `version` only when nobody switched meanwhile. */
export const CheckSettingsPatch = z.strictObject({
  extended: z.partialRecord(ExtendedId, z.boolean()).default({}),
  blockLists: z.array(BlockList).max(20).optional(),
  version: z.int().optional(),
})
export type CheckSettingsPatch = z.infer<typeof CheckSettingsPatch>
