import type { ExtendedStatus } from '#shared/schemas/extended'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../helpers/extended'
import { caa } from '#server/services/checks/extended/caa'
import type { ExtendedTarget } from '#server/services/checks/extended/contract'
import type { CaaReason } from '#server/services/checks/extended/reasons/caa'
import { withNearMisses } from '../contract'

const at = (name: string, ...values: string[]): Zone => ({ [`CAA ${name}`]: values })
const own = (...values: string[]) => at('example.org', ...values)
const alone = extendedTargetOf({ mailHost: null, webmailHost: null })

const CASES: [string, Zone, ExtendedStatus, string, ExtendedTarget?][] = [
  ['allowed', own('0 issue "letsencrypt.org"'), 'pass', 'ok'],
  [
    'allowed beside another, in capitals, with parameters',
    own('0 issue "ca.example"', '0 ISSUE "LetsEncrypt.org; x=1"'),
    'pass',
    'ok',
  ],
  [
    'allowed at the webmail name, forbidden above',
    { ...at('mail.example.org', '0 issue "letsencrypt.org"'), ...own('0 issue ";"') },
    'pass',
    'ok',
  ],
  ['only a report address', own('0 iodef "mailto:security@example.org"'), 'pass', 'ok-unrestricted'],
  ['only wildcards restricted', own('0 issuewild ";"'), 'pass', 'ok-unrestricted'],
  ['a critical property that is known', own('128 issue "letsencrypt.org"'), 'pass', 'ok'],
  ['no record up to the top', {}, 'info', 'absent'],
  ['another authority', own('0 issue "ca.example"'), 'fail', 'not-allowed'],
  ['a look-alike', own('0 issue "letsencrypt.org.example"'), 'fail', 'not-allowed'],
  ['nobody', own('0 issue ";"'), 'fail', 'not-allowed'],
  ['the parent zone decides', at('org', '0 issue "ca.example"'), 'fail', 'not-allowed'],
  ['another authority where we host nothing', own('0 issue "ca.example"'), 'info', 'info-other-ca', alone],
  ['a critical property that nobody knows', own('0 issue "letsencrypt.org"', '128 tbs "x"'), 'fail', 'critical-unknown'],
  ['an unknown property that is not critical', own('0 issue "letsencrypt.org"', '0 tbs "x"'), 'pass', 'ok'],
  ['a broken zone', { 'CAA example.org': 'servfail' }, 'unknown', 'ca-would-refuse'],
  [
    'a broken zone below the records',
    { 'CAA mail.example.org': 'servfail', ...own('0 issue "letsencrypt.org"') },
    'unknown',
    'ca-would-refuse',
  ],
  ['a resolver that does not answer', { 'CAA example.org': 'timeout' }, 'unknown', 'dns-timeout'],
  [
    'resolvers that disagree',
    { 'CAA example.org': { values: ['0 issue "letsencrypt.org"'], disagree: true } },
    'warn',
    'resolvers-disagree',
  ],
]

/** For each reason the case that only just escapes it. */
const NEAR: Record<CaaReason, string> = {
  ok: 'a look-alike',
  'ok-unrestricted': 'nobody',
  absent: 'the parent zone decides',
  'not-allowed': 'allowed beside another, in capitals, with parameters',
  'info-other-ca': 'another authority',
  'critical-unknown': 'an unknown property that is not critical',
  'ca-would-refuse': 'a resolver that does not answer',
}

/** Every reason of `caa`. */
export const caaTable = withNearMisses(
  CASES.map(([it, zone, status, reason, target = extendedTargetOf()]) => ({
    ...{ it, status, reason, target },
    verdict: () => verdictIn(caa, zoneWorld(zone), target),
  })),
  NEAR,
)
