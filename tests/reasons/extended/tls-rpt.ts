import type { ExtendedStatus } from '#shared/schemas/extended'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../helpers/extended'
import type { ExtendedTarget } from '#server/services/checks/extended/contract'
import type { TlsRptReason } from '#server/services/checks/extended/reasons/tls-rpt'
import { tlsRpt } from '#server/services/checks/extended/tls-rpt'
import { withNearMisses } from '../contract'

const MX = { 'MX example.org': ['10 mx1.example.net'] }
const own = (...texts: string[]): Zone => ({ ...MX, 'TXT _smtp._tls.example.org': texts })
const silent = extendedTargetOf({ receives: false })

const CASES: [string, Zone, ExtendedStatus, string, ExtendedTarget?][] = [
  ['an address', own('v=TLSRPTv1; rua=mailto:tls@example.org'), 'pass', 'ok'],
  ['two destinations', own('v=TLSRPTv1;rua=mailto:tls@example.org,https://reports.example/v1'), 'pass', 'ok'],
  ['a record beside another text', own('verification=1', 'v=TLSRPTv1; rua=mailto:tls@example.org'), 'pass', 'ok'],
  ['no record', MX, 'info', 'absent'],
  ['another version is no record', own('v=TLSRPTv2; rua=mailto:tls@example.org'), 'info', 'absent'],
  ['no record beside MTA-STS', { ...MX, 'TXT _mta-sts.example.org': ['v=STSv1; id=1'] }, 'warn', 'absent-with-policy'],
  ['no record beside a text that is no policy', { ...MX, 'TXT _mta-sts.example.org': ['hello'] }, 'info', 'absent'],
  ['no record beside DANE', { ...MX, 'TLSA _25._tcp.mx1.example.net': ['3 1 1 ab'] }, 'warn', 'absent-with-policy'],
  ['two records', own('v=TLSRPTv1; rua=mailto:a@x.example', 'v=TLSRPTv1; rua=mailto:b@x.example'), 'warn', 'multiple'],
  ['no destination', own('v=TLSRPTv1;'), 'warn', 'malformed'],
  ['plain HTTP', own('v=TLSRPTv1; rua=http://reports.example/'), 'warn', 'malformed'],
  ['a bare address', own('v=TLSRPTv1; rua=tls@example.org'), 'warn', 'malformed'],
  ['a domain that receives nothing', { 'MX example.org': ['0 .'] }, 'pass', 'not-receiving-ok', silent],
  ['a domain that receives nothing, with a record', own('v=TLSRPTv1; rua=mailto:tls@example.org'), 'pass', 'ok', silent],
  ['a resolver in trouble', { ...MX, 'TXT _smtp._tls.example.org': 'servfail' }, 'unknown', 'dns-servfail'],
]

/** For each reason the case that only just escapes it. */
const NEAR: Record<TlsRptReason, string> = {
  ok: 'a bare address',
  absent: 'no record beside MTA-STS',
  'absent-with-policy': 'no record beside a text that is no policy',
  multiple: 'a record beside another text',
  malformed: 'two destinations',
  'not-receiving-ok': 'a domain that receives nothing, with a record',
}

/** Every reason of `tls_rpt`. */
export const tlsRptTable = withNearMisses(
  CASES.map(([it, zone, status, reason, target = extendedTargetOf()]) => ({
    ...{ it, status, reason, target },
    verdict: () => verdictIn(tlsRpt, zoneWorld(zone), target),
  })),
  NEAR,
)
