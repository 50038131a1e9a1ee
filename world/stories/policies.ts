import { mxNames, mailHost, PLACES, PROVIDER_ZONE } from '../provider'
import type { RecordSet } from '../dns/zones'
import type { Behaviour } from '../web/behaviours'
import type { ExpectedExtended } from './hosts'
import type { ExtendedId, ExtendedStatus } from '#shared/schemas/extended'

const is = (status: ExtendedStatus, reason = 'ok'): ExpectedExtended => ({ status, reason })

/** The policy host is at the front ends. */
const announced: Record<string, RecordSet> = {
  '_mta-sts': { TXT: ['v=STSv1; id=20260101;'] },
  'mta-sts': { AAAA: [PLACES.ipv6] },
}

/** Records of mail policies, by domain and relative name. */
export const POLICY_RECORDS: Record<string, Record<string, RecordSet>> = {
  'umbrella.example': {
    '@': { CAA: ['0 issue "letsencrypt.org"'] },
    '_smtp._tls': { TXT: [`v=TLSRPTv1; rua=mailto:tls@${PROVIDER_ZONE}`] },
    ...announced,
  },
  'wayneprint.example': announced,
  // The policy is announced, but nobody serves it.
  'hanssenbyg.dk': { '_mta-sts': { TXT: ['v=STSv1; id=20260101;'] } },
  'kaffebryggeriet.dk': {
    '@': { CAA: ['0 issue "other-authority.example"'] },
    '_smtp._tls': { TXT: ['v=TLSRPTv1; rua=http://reports.example/'] },
  },
  'livrariaatlantico.pt': { 'default._bimi': { TXT: ['v=BIMI1; l=https://gone.example/logo.svg; a='] } },
}

/** What the policy host `mta-sts.{domain}` does. */
export const POLICY_SITES: Record<string, Behaviour> = { 'umbrella.example': 'mta-sts', 'wayneprint.example': 'mta-sts-moved' }

/** The policy that the sample provider serves. */
export const STS_POLICY = [
  ...['version: STSv1', 'mode: enforce'],
  ...mxNames(mailHost('lisboa')).map((host) => `mx: ${host}`),
  ...['max_age: 604800', ''],
].join('\r\n')

/** The verdicts of single domains. */
export const POLICY_VERDICTS: Record<string, Partial<Record<ExtendedId, ExpectedExtended>>> = {
  'umbrella.example': {
    ...{ mta_sts: is('pass'), tls_rpt: is('pass'), caa: is('pass'), delegation: is('pass') },
    ...{ dnssec: is('info', 'unsigned'), dane: is('info', 'absent') },
  },
  'wayneprint.example': { mta_sts: is('fail', 'policy-redirected'), tls_rpt: is('warn', 'absent-with-policy') },
  'loja.quintadovale.pt': { delegation: is('pass') },
  'fjellhytter.no': { delegation: is('unknown', 'dns-servfail') },
  'hanssenbyg.dk': { mta_sts: is('fail', 'policy-unreachable'), tls_rpt: is('warn', 'absent-with-policy') },
  'kaffebryggeriet.dk': { caa: is('fail', 'not-allowed'), tls_rpt: is('warn', 'malformed'), mta_sts: is('info', 'absent') },
  'livrariaatlantico.pt': { bimi: is('warn', 'unreachable'), caa: is('info', 'absent') },
  'oliveirafilhos.pt': { bimi: is('info', 'absent'), tls_rpt: is('info', 'absent') },
  'casalusa-eventos.pt': { mta_sts: is('pass', 'not-receiving-ok'), dane: is('pass', 'not-receiving-ok') },
}
