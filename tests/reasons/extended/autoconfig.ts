import type { HttpResult } from '#server/platform/http/types'
import type { ExtendedStatus } from '#shared/schemas/extended'
import { pageOf } from '../../helpers/check-facts'
import { clientConfigOf } from '../../helpers/client-config'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../helpers/extended'
import { autoconfig } from '#server/services/checks/extended/autoconfig'
import type { AutoconfigReason } from '#server/services/checks/extended/reasons/autoconfig'
import { withNearMisses } from '../contract'

const srv = (value: string, service = '_imaps'): Zone => ({ [`SRV ${service}._tcp.example.org`]: [value] })
const IMAP: Zone = { 'A imap.example.net': ['192.0.2.11'] }
const CONFIG: Zone = { 'A autoconfig.example.org': ['192.0.2.12'] }
const DISCOVER: Zone = { 'A autodiscover.example.org': ['192.0.2.12'] }
const file = (socketType: 'SSL' | 'STARTTLS' | 'plain') => pageOf(200, clientConfigOf('imap.example.net', socketType))
const fault = (kind: Extract<HttpResult, { ok: false }>['fault']): HttpResult => ({
  ...{ ok: false, fault: kind, address: '192.0.2.12', latencyMs: 1 },
})

const CASES: [string, Zone, HttpResult, ExtendedStatus, string][] = [
  ['SRV', { ...IMAP, ...srv('0 1 993 imap.example.net') }, pageOf(200), 'pass', 'ok'],
  ['autoconfig', CONFIG, file('SSL'), 'pass', 'ok'],
  ['autoconfig with STARTTLS', CONFIG, file('STARTTLS'), 'pass', 'ok'],
  ['autodiscover that asks for a password', DISCOVER, pageOf(401), 'pass', 'ok'],
  ['explicitly nothing', srv('0 0 0 .'), pageOf(200), 'pass', 'not-offered-ok'],
  ['nothing', {}, pageOf(200), 'info', 'absent'],
  ['a target without an address', srv('0 1 993 imap.example.net'), pageOf(200), 'fail', 'srv-unresolved'],
  [
    'a target whose address is not known',
    { ...srv('0 1 993 imap.example.net'), 'A imap.example.net': 'timeout' },
    pageOf(200),
    'unknown',
    'dns-timeout',
  ],
  [
    'a target that is an alias',
    {
      ...srv('0 1 465 imap.example.net', '_submissions'),
      'A imap.example.net': { values: ['192.0.2.11'], cnames: ['other.example.net'] },
    },
    pageOf(200),
    'warn',
    'srv-alias',
  ],
  [
    'the worst of several records',
    { ...IMAP, ...srv('0 1 993 imap.example.net'), ...srv('0 1 443 gone.example', '_autodiscover') },
    pageOf(200),
    'fail',
    'srv-unresolved',
  ],
  ['a bad certificate', CONFIG, fault('tls-invalid'), 'warn', 'bad-tls'],
  ['a closed port', DISCOVER, fault('refused'), 'warn', 'page-refused'],
  ['silence', DISCOVER, fault('timeout'), 'unknown', 'no-answer'],
  ['an inner address', CONFIG, fault('blocked-address'), 'unknown', 'blocked-address'],
  ['no such file', CONFIG, pageOf(404), 'warn', 'page-error'],
  ['autodiscover out of order', DISCOVER, pageOf(502), 'warn', 'page-error'],
  ['a page instead of a file', CONFIG, pageOf(200, '<html></html>'), 'warn', 'config-unreadable'],
  ['passwords in clear', CONFIG, file('plain'), 'warn', 'config-in-clear'],
  ['a resolver in trouble at SRV', { 'SRV _imap._tcp.example.org': 'servfail' }, pageOf(200), 'unknown', 'dns-servfail'],
  ['a resolver in trouble at autoconfig', { 'A autoconfig.example.org': 'refused' }, pageOf(200), 'unknown', 'dns-refused'],
]

/** For each reason the case that only just escapes it. */
const NEAR: Record<AutoconfigReason | 'blocked-address', string> = {
  ok: 'explicitly nothing',
  'not-offered-ok': 'SRV',
  absent: 'explicitly nothing',
  'srv-unresolved': 'a target whose address is not known',
  'srv-alias': 'SRV',
  'bad-tls': 'a closed port',
  'page-error': 'autodiscover that asks for a password',
  'page-refused': 'silence',
  'no-answer': 'a closed port',
  'config-unreadable': 'autoconfig',
  'config-in-clear': 'autoconfig with STARTTLS',
  'blocked-address': 'a closed port',
}

/** Every reason of `autoconfig`. */
export const autoconfigTable = withNearMisses(
  CASES.map(([it, zone, page, status, reason]) => ({
    ...{ it, status, reason, target: extendedTargetOf() },
    verdict: () => verdictIn(autoconfig, zoneWorld(zone, { http: { request: () => Promise.resolve(page) } })),
  })),
  NEAR,
)
