import { dnsSpf } from '#server/services/checks/collectors/dns-spf'
import { DOMAIN, MAIL_HOST, targetOf } from '../helpers/check-facts'
import { zoneTable, type StubZone, type ZoneCase } from './contract'

const OURS = 'ip4:192.0.2.25 ip6:2001:db8::25'
const TXT = `TXT ${DOMAIN}`
const spf = (...texts: string[]): StubZone => ({ [TXT]: texts })
/** `v=spf1` with our addresses and these terms. */
const ours = (terms: string) => spf(`v=spf1 ${OURS} ${terms}`)
const at = (name: string, ...texts: string[]): StubZone => ({ [`TXT ${name}`]: texts })
const includes = (count: number): StubZone =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`TXT s${i}.example.net`, [`v=spf1 ip4:198.51.100.${i} -all`]]))
const including = (count: number) => Array.from({ length: count }, (_, i) => `include:s${i}.example.net`).join(' ')
const S = 's.example.net'
const manyMx = (count: number): StubZone => ({
  ...ours('mx -all'),
  [`MX ${DOMAIN}`]: Array.from({ length: count }, (_, i) => `${i} mx${i}.example.net`),
  ...Object.fromEntries(
    Array.from({ length: count }, (_, i) => i).flatMap((i) => [
      [`A mx${i}.example.net`, ['198.51.100.1']],
      [`AAAA mx${i}.example.net`, ['2001:db8::1']],
    ]),
  ),
})
/** Hosts that have an IPv4 address alone. */
const v4Hosts = (...names: string[]): StubZone =>
  Object.fromEntries(
    names.flatMap((name) => [
      [`A ${name}`, ['198.51.100.1']],
      [`AAAA ${name}`, 'nodata'],
    ]),
  )

/** Octets of `ours('x= -all')`. */
const LENGTH = `v=spf1 ${OURS} x= -all`.length

const alone = { target: targetOf({ mailHost: null, webmailHost: null }) }
const silent = { target: targetOf({ sends: false }) }
const twoV4 = { target: targetOf({ mailHost: { ...MAIL_HOST, sendingAddresses: ['192.0.2.25', '192.0.2.26', '2001:db8::25'] } }) }

const SOUND: ZoneCase[] = [
  [
    'both of our addresses and -all',
    ours('-all'),
    'pass',
    'ok',
    { misses: ['missing', 'does-not-authorise-us', 'family-missing'] },
  ],
  ['softfail for the rest', spf(`V=SPF1 ${OURS} ~all`), 'pass', 'ok', { misses: ['neutral-all'] }],
  [
    'a foreign record, without a mail host',
    spf('v=spf1 ip4:198.51.100.0/24 -all'),
    'pass',
    'ok',
    { ...alone, misses: ['does-not-authorise-us'] },
  ],
  [
    'a record beside other texts',
    spf('v=spf10 -all', 'spf1', 'verification=1', `v=spf1 ${OURS} -all`),
    'pass',
    'ok',
    { misses: ['multiple'] },
  ],
  ['exactly seven look-ups', { ...ours(`${including(7)} -all`), ...includes(7) }, 'pass', 'ok', { misses: ['near-limit'] }],
  ['networks of /8', ours('ip4:10.0.0.0/8 ip6:2000::/8 a/8 -all'), 'pass', 'ok', { misses: ['too-permissive'] }],
  ['the whole world as softfail', ours('~ip4:0.0.0.0/0 -all'), 'pass', 'ok', { misses: ['too-permissive'] }],
  ['an unknown modifier', ours('-all moo=x'), 'pass', 'ok', { misses: ['terms-after-all', 'unknown-mechanism', 'syntax'] }],
  ['one unknown modifier twice', ours('moo=x moo=y -all'), 'pass', 'ok', { misses: ['duplicate-modifier'] }],
  ['one look-up into the void', ours('a:gone.example.net -all'), 'pass', 'ok', { misses: ['near-void-limit'] }],
  [
    'two hosts with an IPv4 address alone',
    { ...ours('a:x.example.net a:y.example.net -all'), ...v4Hosts('x.example.net', 'y.example.net') },
    'pass',
    'ok',
    { misses: ['void-lookups-ipv6', 'near-void-limit'] },
  ],
  ['an mx term with ten hosts', manyMx(10), 'pass', 'ok', { misses: ['too-many-mx', 'too-many-lookups'] }],
  [
    'one include twice',
    { ...ours(`include:${S} include:${S} -all`), ...at(S, 'v=spf1 -all') },
    'pass',
    'ok',
    { misses: ['include-loop'] },
  ],
  [
    'a redirect to a closed record',
    { ...spf(`v=spf1 redirect=${S}`), ...at(S, `v=spf1 ${OURS} -all`) },
    'pass',
    'ok',
    { misses: ['neutral-all', 'redirect-ignored', 'include-broken'] },
  ],
  ['a host whose name holds ptr', ours('a:ptr.example.net -all'), 'pass', 'ok', { misses: ['ptr'] }],
  ['a record of 450 octets', ours(`x=${'e'.repeat(450 - LENGTH)} -all`), 'pass', 'ok', { misses: ['large'] }],
  [
    'two of two IPv4 addresses',
    spf('v=spf1 ip4:192.0.2.24/30 ip6:2001:db8::25 -all'),
    'pass',
    'ok',
    { ...twoV4, misses: ['address-missing'] },
  ],
  [
    'nobody sends, and that is said',
    spf('v=spf1 -all'),
    'pass',
    'not-sending-ok',
    { ...silent, misses: ['authorises-senders', 'ok'] },
  ],
]

const FAILING: ZoneCase[] = [
  ['no text at all', { [TXT]: 'nodata' }, 'fail', 'missing'],
  ['no such domain', {}, 'fail', 'missing'],
  ['a leading space disqualifies', spf(` v=spf1 ${OURS} -all`), 'fail', 'missing', { misses: ['ok'] }],
  ['two records', spf(`v=spf1 ${OURS} -all`, 'v=spf1 include:a.example ~all'), 'fail', 'multiple'],
  ['a mechanism that does not exist', ours('inlcude:s0.example.net -all'), 'fail', 'unknown-mechanism', { misses: ['syntax'] }],
  ['an address that is none', ours('ip4:192.0.2.256 -all'), 'fail', 'syntax', { misses: ['unknown-mechanism'] }],
  ['two redirects', ours('redirect=a.example redirect=b.example'), 'fail', 'duplicate-modifier'],
  ['two explanations', ours('exp=a.example exp=b.example -all'), 'fail', 'duplicate-modifier'],
  ['+all', ours('+all'), 'fail', 'too-permissive', { misses: ['neutral-all'] }],
  ['a bare all', ours('all'), 'fail', 'too-permissive'],
  ['two halves of the world', spf('v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all'), 'fail', 'too-permissive'],
  ['all of IPv6', ours('ip6:::/0 -all'), 'fail', 'too-permissive'],
  ['all that is near an address of ours', ours('a/4 -all'), 'fail', 'too-permissive'],
  ['+all behind an include', { ...ours(`include:${S} -all`), ...at(S, 'v=spf1 +all') }, 'fail', 'too-permissive'],
  ['a network of /7', ours('ip4:10.0.0.0/7 -all'), 'fail', 'too-permissive'],
  [
    'eleven look-ups',
    { ...ours(`${including(11)} -all`), ...includes(11) },
    'fail',
    'too-many-lookups',
    { misses: ['near-limit', 'include-loop'] },
  ],
  [
    'an include that includes itself',
    { ...ours(`include:${S} -all`), ...at(S, `v=spf1 include:${S} -all`) },
    'fail',
    'include-loop',
    {
      misses: ['too-many-lookups'],
    },
  ],
  ['a record that redirects to itself', spf(`v=spf1 ${OURS} redirect=${DOMAIN}`), 'fail', 'include-loop'],
  ['an mx term with eleven hosts', manyMx(11), 'fail', 'too-many-mx', { misses: ['too-many-lookups'] }],
  [
    'three look-ups into the void',
    ours('a:x.example.net a:y.example.net a:z.example.net -all'),
    'fail',
    'void-lookups',
    {
      misses: ['near-void-limit', 'void-lookups-ipv6'],
    },
  ],
  [
    'an include of a name without a record',
    { ...ours(`include:${S} -all`), ...at(S, 'other') },
    'fail',
    'include-broken',
    {
      misses: ['missing', 'void-lookups'],
    },
  ],
  [
    'an include of a name with two records',
    { ...ours(`include:${S} -all`), ...at(S, 'v=spf1 -all', 'v=spf1 ~all') },
    'fail',
    'include-broken',
    {
      misses: ['multiple'],
    },
  ],
  ['a redirect into the void', ours(`redirect=${S}`), 'fail', 'include-broken'],
  [
    'none of our addresses',
    spf('v=spf1 ip4:198.51.100.1 -all'),
    'fail',
    'does-not-authorise-us',
    { misses: ['family-missing', 'address-missing'] },
  ],
  [
    'our addresses as neutral, which is no pass',
    spf('v=spf1 ?ip4:192.0.2.25 ?ip6:2001:db8::25 -all'),
    'fail',
    'does-not-authorise-us',
    {
      misses: ['ok'],
    },
  ],
]

const WARNING: ZoneCase[] = [
  ['nobody sends, but somebody may', ours('-all'), 'warn', 'authorises-senders', { ...silent, misses: ['not-sending-ok'] }],
  ['ten look-ups', { ...ours(`${including(10)} -all`), ...includes(10) }, 'warn', 'near-limit', { misses: ['too-many-lookups'] }],
  ['eight look-ups', { ...ours(`${including(8)} -all`), ...includes(8) }, 'warn', 'near-limit'],
  [
    'two look-ups into the void',
    ours('a:x.example.net a:y.example.net -all'),
    'warn',
    'near-void-limit',
    { misses: ['void-lookups'] },
  ],
  [
    'three hosts with an IPv4 address alone',
    {
      ...ours('a:x.example.net a:y.example.net a:z.example.net -all'),
      ...v4Hosts('x.example.net', 'y.example.net', 'z.example.net'),
    },
    'warn',
    'void-lookups-ipv6',
    { misses: ['void-lookups'] },
  ],
  [
    'one family only',
    spf('v=spf1 ip4:192.0.2.25 -all'),
    'warn',
    'family-missing',
    { misses: ['address-missing', 'does-not-authorise-us'] },
  ],
  ['one of two IPv4 addresses', ours('-all'), 'warn', 'address-missing', { ...twoV4, misses: ['family-missing'] }],
  ['?all', ours('?all'), 'warn', 'neutral-all', { misses: ['too-permissive'] }],
  ['no all and no redirect', spf(`v=spf1 ${OURS}`), 'warn', 'neutral-all'],
  ['ptr', ours('ptr -all'), 'warn', 'ptr'],
  [
    'redirect beside all',
    ours(`-all redirect=${S}`),
    'warn',
    'redirect-ignored',
    { misses: ['terms-after-all', 'include-broken'] },
  ],
  [
    'the whole world after all, where nobody looks',
    ours('-all ip4:0.0.0.0/0'),
    'warn',
    'terms-after-all',
    {
      misses: ['too-permissive', 'redirect-ignored'],
    },
  ],
  ['a mechanism after all', ours('-all ip4:198.51.100.1'), 'warn', 'terms-after-all'],
  ['a record of 451 octets', ours(`x=${'e'.repeat(451 - LENGTH)} -all`), 'warn', 'large'],
  ['a long set of texts', { [TXT]: [`v=spf1 ${OURS} -all`, 'x'.repeat(1_233)] }, 'warn', 'large'],
]

const UNDECIDED: ZoneCase[] = [
  ['a resolver in trouble', { [TXT]: 'servfail' }, 'unknown', 'dns-servfail', { misses: ['missing'] }],
  [
    'a resolver in trouble at an include',
    { ...spf(`v=spf1 include:${S} ${OURS} -all`), [`TXT ${S}`]: 'timeout' },
    'unknown',
    'dns-timeout',
    { misses: ['include-broken', 'does-not-authorise-us'] },
  ],
  [
    'a resolver in trouble behind our addresses',
    { ...ours(`include:${S} -all`), [`TXT ${S}`]: 'refused' },
    'unknown',
    'dns-refused',
  ],
  [
    'a resolver in trouble at an mx host',
    { ...spf('v=spf1 mx -all'), [`MX ${DOMAIN}`]: ['10 mx.example.net'], 'A mx.example.net': 'truncated' },
    'unknown',
    'dns-truncated',
    { misses: ['does-not-authorise-us'] },
  ],
  [
    'a resolver in trouble at the name of our address, which is all that lets us in',
    { ...spf('v=spf1 ptr -all'), 'PTR 25.2.0.192.in-addr.arpa': 'servfail' },
    'unknown',
    'dns-servfail',
    { misses: ['does-not-authorise-us'] },
  ],
  [
    'two resolvers that disagree',
    { [TXT]: { said: [`v=spf1 ${OURS} -all`], disagree: true } },
    'warn',
    'resolvers-disagree',
    { misses: ['ok'] },
  ],
]

/** Every reason of `dns_spf`; the record is judged by an engine that asks on its own. */
export const dnsSpfTable = zoneTable(dnsSpf, targetOf(), [...SOUND, ...FAILING, ...WARNING, ...UNDECIDED])
