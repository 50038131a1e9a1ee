import { describe, expect, it } from 'vitest'
import type { DnsAnswer, DnsOutcome, RecordType } from '#server/platform/dns/types'
import type { CheckStatus } from '#shared/schemas/checks'
import { answerOf, DOMAIN, MAIL_HOST, NOW, targetOf } from '../../../../tests/helpers/check-facts'
import type { CheckTarget, CheckWorld } from '../collectors/contract'
import { dnsSpf } from '../collectors/dns-spf'
import { dnsSpfReasons } from '../reasons/dns-spf'

type Zone = Record<string, string[] | DnsOutcome>

/** SPF is judged by an engine that asks on its own, so the table gives it zones: `TYPE name` → values; all else does not exist. */
function worldOf(zone: Zone): CheckWorld {
  const query = (name: string, type: RecordType): Promise<DnsAnswer> =>
    Promise.resolve(answerOf(name, type, zone[`${type} ${name}`] ?? 'nxdomain'))
  return { dns: { query }, signal: new AbortController().signal, now: () => NOW } as unknown as CheckWorld
}
const OURS = 'ip4:192.0.2.25 ip6:2001:db8::25'
const spf = (...texts: string[]): Zone => ({ [`TXT ${DOMAIN}`]: texts })
const includes = (count: number): Zone =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`TXT s${i}.example.net`, [`v=spf1 ip4:198.51.100.${i} -all`]]))
const including = (count: number) => Array.from({ length: count }, (_, i) => `include:s${i}.example.net`).join(' ')
const hosts = (count: number) => Array.from({ length: count }, (_, i) => `${i} mx${i}.example.net`)
const alone = targetOf({ mailHost: null, webmailHost: null })
const silent = targetOf({ sends: false })

const CASES: [string, Zone, CheckStatus, string, CheckTarget?][] = [
  ['both of our addresses and -all', spf(`v=spf1 ${OURS} -all`), 'pass', 'ok'],
  ['softfail for the rest', spf(`V=SPF1 ${OURS} ~all`), 'pass', 'ok'],
  ['a foreign record, without a mail host', spf('v=spf1 ip4:198.51.100.0/24 -all'), 'pass', 'ok', alone],
  ['a record beside other texts', spf('v=spf10 -all', 'spf1', 'verification=1', `v=spf1 ${OURS} -all`), 'pass', 'ok'],
  ['exactly seven look-ups', { ...spf(`v=spf1 ${OURS} ${including(7)} -all`), ...includes(7) }, 'pass', 'ok'],
  ['a network of /8', spf(`v=spf1 ${OURS} ip4:10.0.0.0/8 -all`), 'pass', 'ok'],
  ['an unknown modifier after all', spf(`v=spf1 ${OURS} -all moo=x`), 'pass', 'ok'],
  ['one look-up into the void', spf(`v=spf1 ${OURS} a:gone.example.net -all`), 'pass', 'ok'],
  ['nobody sends, and that is said', spf('v=spf1 -all'), 'pass', 'not-sending-ok', silent],
  ['nobody sends, but somebody may', spf(`v=spf1 ${OURS} -all`), 'warn', 'authorises-senders', silent],
  ['no text at all', { [`TXT ${DOMAIN}`]: 'nodata' }, 'fail', 'missing'],
  ['no such domain', {}, 'fail', 'missing'],
  ['a leading space disqualifies', spf(` v=spf1 ${OURS} -all`), 'fail', 'missing'],
  ['two records', spf(`v=spf1 ${OURS} -all`, 'v=spf1 -all'), 'fail', 'multiple'],
  ['a mechanism that does not exist', spf(`v=spf1 ${OURS} inlcude:s0.example.net -all`), 'fail', 'syntax'],
  ['two redirects', spf(`v=spf1 ${OURS} redirect=a.example redirect=b.example`), 'fail', 'syntax'],
  ['+all', spf(`v=spf1 ${OURS} +all`), 'fail', 'too-permissive'],
  ['a bare all', spf(`v=spf1 ${OURS} all`), 'fail', 'too-permissive'],
  ['two halves of the world', spf('v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all'), 'fail', 'too-permissive'],
  ['all of IPv6', spf(`v=spf1 ${OURS} ip6:::/0 -all`), 'fail', 'too-permissive'],
  [
    '+all behind an include',
    { ...spf(`v=spf1 ${OURS} include:s.example.net -all`), 'TXT s.example.net': ['v=spf1 +all'] },
    'fail',
    'too-permissive',
  ],
  ['a network of /7', spf(`v=spf1 ${OURS} ip4:10.0.0.0/7 -all`), 'fail', 'too-permissive'],
  ['eleven look-ups', { ...spf(`v=spf1 ${OURS} ${including(11)} -all`), ...includes(11) }, 'fail', 'too-many-lookups'],
  [
    'an include that includes itself',
    { ...spf(`v=spf1 ${OURS} include:s.example.net -all`), 'TXT s.example.net': ['v=spf1 include:s.example.net -all'] },
    'fail',
    'too-many-lookups',
  ],
  ['ten look-ups', { ...spf(`v=spf1 ${OURS} ${including(10)} -all`), ...includes(10) }, 'warn', 'near-limit'],
  ['eight look-ups', { ...spf(`v=spf1 ${OURS} ${including(8)} -all`), ...includes(8) }, 'warn', 'near-limit'],
  [
    'an mx term with eleven hosts',
    {
      ...spf(`v=spf1 ${OURS} mx -all`),
      [`MX ${DOMAIN}`]: hosts(11),
      ...Object.fromEntries(hosts(11).map((_, i) => [`A mx${i}.example.net`, ['198.51.100.1']])),
    },
    'fail',
    'too-many-mx',
  ],
  [
    'three look-ups into the void',
    spf(`v=spf1 ${OURS} a:x.example.net a:y.example.net a:z.example.net -all`),
    'fail',
    'void-lookups',
  ],
  ['two look-ups into the void', spf(`v=spf1 ${OURS} a:x.example.net a:y.example.net -all`), 'warn', 'near-void-limit'],
  [
    'an include of a name without a record',
    { ...spf(`v=spf1 ${OURS} include:s.example.net -all`), 'TXT s.example.net': ['other'] },
    'fail',
    'include-broken',
  ],
  ['a redirect into the void', spf(`v=spf1 ${OURS} redirect=s.example.net`), 'fail', 'include-broken'],
  ['none of our addresses', spf('v=spf1 ip4:198.51.100.1 -all'), 'fail', 'does-not-authorise-us'],
  [
    'our addresses as neutral, which is no pass',
    spf('v=spf1 ?ip4:192.0.2.25 ?ip6:2001:db8::25 -all'),
    'fail',
    'does-not-authorise-us',
  ],
  ['one family only', spf('v=spf1 ip4:192.0.2.25 -all'), 'warn', 'family-missing'],
  [
    'one of two IPv4 addresses',
    spf(`v=spf1 ${OURS} -all`),
    'warn',
    'address-missing',
    targetOf({ mailHost: { ...MAIL_HOST, sendingAddresses: ['192.0.2.25', '192.0.2.26', '2001:db8::25'] } }),
  ],
  ['?all', spf(`v=spf1 ${OURS} ?all`), 'warn', 'neutral-all'],
  ['no all and no redirect', spf(`v=spf1 ${OURS}`), 'warn', 'neutral-all'],
  [
    'a redirect to a closed record',
    { ...spf('v=spf1 redirect=s.example.net'), 'TXT s.example.net': [`v=spf1 ${OURS} -all`] },
    'pass',
    'ok',
  ],
  ['ptr', { ...spf(`v=spf1 ${OURS} ptr -all`) }, 'warn', 'ptr'],
  ['redirect beside all', spf(`v=spf1 ${OURS} -all redirect=s.example.net`), 'warn', 'redirect-ignored'],
  ['the whole world after all, where nobody looks', spf(`v=spf1 ${OURS} -all ip4:0.0.0.0/0`), 'warn', 'terms-after-all'],
  ['a mechanism after all', spf(`v=spf1 ${OURS} -all ip4:198.51.100.1`), 'warn', 'terms-after-all'],
  [
    'a long record',
    spf(`v=spf1 ${OURS} ${Array.from({ length: 25 }, (_, i) => `ip4:198.51.100.${i + 100}`).join(' ')} -all`),
    'warn',
    'large',
  ],
  ['a long set of texts', spf(`v=spf1 ${OURS} -all`, 'x'.repeat(1_233)), 'warn', 'large'],
  ['a resolver in trouble', { [`TXT ${DOMAIN}`]: 'servfail' }, 'unknown', 'dns-servfail'],
  [
    'a resolver in trouble at an include',
    { ...spf(`v=spf1 include:s.example.net ${OURS} -all`), 'TXT s.example.net': 'timeout' },
    'unknown',
    'dns-timeout',
  ],
  [
    'a resolver in trouble behind our addresses',
    { ...spf(`v=spf1 ${OURS} include:s.example.net -all`), 'TXT s.example.net': 'refused' },
    'unknown',
    'dns-refused',
  ],
  [
    'a resolver in trouble at an mx host',
    { ...spf(`v=spf1 mx -all`), [`MX ${DOMAIN}`]: ['10 mx.example.net'], 'A mx.example.net': 'truncated' },
    'unknown',
    'dns-truncated',
  ],
]

describe('dns_spf', () => {
  it.each(CASES)('%s', async (_, zone, status, reason, target = targetOf()) => {
    const verdict = dnsSpf.evaluate(await dnsSpf.collect(worldOf(zone), target), target, NOW)
    expect(verdict).toMatchObject({ status, reason })
  })

  it('has a case for every reason of its catalogue', () => {
    const given = new Set(CASES.map(([, , , reason]) => reason))
    expect(Object.keys(dnsSpfReasons).filter((reason) => !given.has(reason))).toEqual([])
  })

  it('keeps its evidence small when 500 texts of 64 KB are published', async () => {
    const zone = spf(`v=spf1 ${OURS} -all`, ...Array.from({ length: 500 }, () => 'x'.repeat(65_535)))
    const verdict = dnsSpf.evaluate(await dnsSpf.collect(worldOf(zone), targetOf()), targetOf(), NOW)
    expect(JSON.stringify(verdict).length).toBeLessThan(500_000)
  })
})
