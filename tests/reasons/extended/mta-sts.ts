import type { HttpResult } from '#server/platform/http/types'
import type { ExtendedStatus } from '#shared/schemas/extended'
import { pageOf } from '../../helpers/check-facts'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../helpers/extended'
import type { ExtendedTarget, Memory } from '#server/services/checks/extended/contract'
import { mtaSts } from '#server/services/checks/extended/mta-sts'
import type { MtaStsReason } from '#server/services/checks/extended/reasons/mta-sts'
import { withNearMisses } from '../contract'

const MX = { 'MX example.org': ['10 mx1.example.net', '20 mx2.example.net'] }
const HOST = { 'A mta-sts.example.org': ['192.0.2.10'] }
export const RECORD = 'v=STSv1; id=20260101;'
export const own = (...texts: string[]): Zone => ({ ...MX, ...HOST, 'TXT _mta-sts.example.org': texts })
export const policyOf = (mode: string, mx: string[], maxAge = 604_800) =>
  ['version: STSv1', `mode: ${mode}`, ...mx.map((host) => `mx: ${host}`), `max_age: ${maxAge}`, ''].join('\r\n')
export const ENFORCE = policyOf('enforce', ['mx1.example.net', 'mx2.example.net'])
export const served = (body: string, status = 200, type = 'text/plain; charset=utf-8') =>
  pageOf(status, body, { headers: { 'content-type': type } })
export const faulty = (fault: Extract<HttpResult, { ok: false }>['fault']): HttpResult => ({
  ...{ ok: false, fault, address: '192.0.2.10', latencyMs: 9 },
})
const silent = extendedTargetOf({ receives: false })
export const after = (memory: Memory) => extendedTargetOf({ memory })

const CASES: [string, Zone, HttpResult, ExtendedStatus, string, ExtendedTarget?][] = [
  ['an enforced policy', own(RECORD), served(ENFORCE), 'pass', 'ok'],
  [
    'line ends of Unix, a wildcard, an unknown field',
    own(RECORD),
    served('version: STSv1\nx_new: 1\nmode: enforce\nmx: *.example.net\nmax_age: 86400\n'),
    'pass',
    'ok',
  ],
  ['a record beside another text', own('verification=1', RECORD), served(ENFORCE), 'pass', 'ok'],
  ['no record', { ...MX, ...HOST }, served(ENFORCE), 'info', 'absent'],
  ['a record of another version', own('v=STSv2; id=1;'), served(ENFORCE), 'info', 'absent'],
  ['a domain that receives nothing', {}, served(ENFORCE), 'pass', 'not-receiving-ok', silent],
  ['two records', own(RECORD, 'v=STSv1; id=2;'), served(ENFORCE), 'warn', 'multiple'],
  ['no id', own('v=STSv1;'), served(ENFORCE), 'warn', 'malformed-record'],
  ['an id with a hyphen', own('v=STSv1; id=2026-01-01;'), served(ENFORCE), 'warn', 'malformed-record'],
  ['an id of 33 characters', own(`v=STSv1; id=${'a'.repeat(33)};`), served(ENFORCE), 'warn', 'malformed-record'],
  ['an id of 32 characters', own(`v=STSv1; id=${'a'.repeat(32)};`), served(ENFORCE), 'pass', 'ok'],
  ['a host without an address', { ...MX, 'TXT _mta-sts.example.org': [RECORD] }, served(ENFORCE), 'fail', 'policy-unreachable'],
  [
    'a host whose address is not known',
    { ...own(RECORD), 'A mta-sts.example.org': 'servfail' },
    served(ENFORCE),
    'unknown',
    'dns-servfail',
  ],
  ['not there', own(RECORD), served('', 404), 'fail', 'policy-unreachable'],
  ['refused', own(RECORD), faulty('refused'), 'fail', 'policy-unreachable'],
  ['silent', own(RECORD), faulty('timeout'), 'unknown', 'policy-silent'],
  ['an inner address', own(RECORD), faulty('blocked-address'), 'unknown', 'blocked-address'],
  ['a certificate that is not valid', own(RECORD), faulty('tls-invalid'), 'fail', 'policy-certificate'],
  ['a redirect to the same policy', own(RECORD), served(ENFORCE, 301), 'fail', 'policy-redirected'],
  ['more than 64 KB', own(RECORD), { ...served(ENFORCE), truncated: true } as HttpResult, 'fail', 'policy-too-large'],
  ['no mode', own(RECORD), served('version: STSv1\nmx: a.example\nmax_age: 1\n'), 'fail', 'policy-malformed'],
  [
    'max_age of more than a year',
    own(RECORD),
    served(policyOf('enforce', ['mx1.example.net'], 31_557_601)),
    'fail',
    'policy-malformed',
  ],
  ['a page in its place', own(RECORD), served('<!doctype html><html></html>'), 'fail', 'policy-malformed'],
  ['an MX that is not named', own(RECORD), served(policyOf('enforce', ['mx1.example.net'])), 'fail', 'mx-not-covered'],
  ['a wildcard one label too short', own(RECORD), served(policyOf('enforce', ['*.net'])), 'fail', 'mx-not-covered'],
  [
    'an MX that is not named, while testing',
    own(RECORD),
    served(policyOf('testing', ['mx1.example.net'])),
    'warn',
    'mx-not-covered',
  ],
  [
    'a policy that changed under its id',
    own(RECORD),
    served(ENFORCE),
    'warn',
    'id-unchanged',
    after({ id: '20260101', digest: 'old' }),
  ],
  ['a policy that changed with its id', own(RECORD), served(ENFORCE), 'pass', 'ok', after({ id: '20250101', digest: 'old' })],
  ['another media type', own(RECORD), served(ENFORCE, 200, 'text/html'), 'warn', 'media-type'],
  ['testing', own(RECORD), served(policyOf('testing', ['*.example.net'])), 'warn', 'mode-testing'],
  ['none, without an mx', own(RECORD), served(policyOf('none', [])), 'warn', 'mode-none'],
  ['an hour', own(RECORD), served(policyOf('enforce', ['*.example.net'], 3_600)), 'warn', 'short-max-age'],
  ['MX hosts that are not known', { ...own(RECORD), 'MX example.org': 'servfail' }, served(ENFORCE), 'unknown', 'dns-servfail'],
  ['a resolver in trouble', { ...MX, 'TXT _mta-sts.example.org': 'timeout' }, served(ENFORCE), 'unknown', 'dns-timeout'],
]

/** What becomes of a policy that is served so. */
export function policyLook(zone: Zone, result: HttpResult, target: ExtendedTarget, canaryOk = true) {
  const world = zoneWorld(zone, { http: { request: () => Promise.resolve(result) }, canaryOk: () => Promise.resolve(canaryOk) })
  return verdictIn(mtaSts, world, target)
}

/** For each reason the case that only just escapes it. */
const NEAR: Record<MtaStsReason | 'blocked-address', string> = {
  ok: 'another media type',
  absent: 'no id',
  'not-receiving-ok': 'no record',
  multiple: 'a record beside another text',
  'malformed-record': 'an id of 32 characters',
  'policy-unreachable': 'a host whose address is not known',
  'policy-certificate': 'refused',
  'policy-redirected': 'not there',
  'policy-too-large': 'an enforced policy',
  'policy-malformed': 'line ends of Unix, a wildcard, an unknown field',
  'policy-silent': 'refused',
  'mx-not-covered': 'line ends of Unix, a wildcard, an unknown field',
  'id-unchanged': 'a policy that changed with its id',
  'media-type': 'an enforced policy',
  'mode-testing': 'an MX that is not named, while testing',
  'mode-none': 'testing',
  'short-max-age': 'line ends of Unix, a wildcard, an unknown field',
  'blocked-address': 'refused',
}

/** Every reason of `mta_sts`. */
export const mtaStsTable = withNearMisses(
  CASES.map(([it, zone, result, status, reason, target = extendedTargetOf()]) => ({
    ...{ it, status, reason, target },
    verdict: () => policyLook(zone, result, target),
  })),
  NEAR,
)
