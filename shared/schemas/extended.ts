import { z } from 'zod'
import { CheckResult, CheckStatus } from './checks'

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
export const ExtendedStatus = z.enum([...CheckStatus.options, 'info'])
export type ExtendedStatus = z.infer<typeof ExtendedStatus>

export const ExtendedResult = CheckResult.extend({
  checkId: ExtendedId,
  status: ExtendedStatus,
  lastKnown: z.object({ status: ExtendedStatus, reason: z.string(), checkedAt: z.iso.datetime() }).nullable(),
})
export type ExtendedResult = z.infer<typeof ExtendedResult>
