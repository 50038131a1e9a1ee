import { dnsMx } from '#server/services/checks/collectors/dns-mx'
import type { ZoneLook } from '#server/platform/dns/types'
import { DOMAIN, MAIL_HOST, targetOf } from '../helpers/check-facts'
import { zoneTable, type StubZone, type ZoneCase } from './contract'

const MX = `MX ${DOMAIN}`
const OURS = ['10 mx1.example.net', '20 mx2.example.net']
const RESOLVING: StubZone = {
  'A mx1.example.net': ['192.0.2.1'],
  'AAAA mx1.example.net': 'nodata',
  'A mx2.example.net': ['192.0.2.2'],
  'AAAA mx2.example.net': ['2001:db8::2'],
  'A mx.elsewhere.example': ['192.0.2.90'],
  'AAAA mx.elsewhere.example': 'nodata',
}
const mx = (values: string[], more: StubZone = {}): StubZone => ({ ...RESOLVING, [MX]: values, ...more })
const none = (a: StubZone[string], aaaa: StubZone[string]): StubZone => ({
  [MX]: 'nodata',
  [`A ${DOMAIN}`]: a,
  [`AAAA ${DOMAIN}`]: aaaa,
})
const elsewhere = ['10 mx.elsewhere.example']

const alone = { target: targetOf({ mailHost: null, webmailHost: null }) }
const silent = { target: targetOf({ receives: false }) }
const silentAlone = { target: targetOf({ receives: false, mailHost: null, webmailHost: null }) }

const zoneThat = (verdict: ZoneLook['verdict']): ZoneLook => ({
  ...{ zone: DOMAIN, leftOut: 0, verdict },
  replies: [{ host: `ns1.${DOMAIN}`, address: '192.0.2.53', outcome: verdict === 'well' ? 'answer' : 'refused', soa: null }],
})
/** SERVFAIL of two resolvers with these extended errors. */
const bogus = (...codes: [number, number]): StubZone => {
  const ede = codes.map((code) => ({ code, text: '' }))
  const replies = ede.map((error) => ({ server: 'r', outcome: 'servfail' as const, latencyMs: 1, tcp: false, ede: [error] }))
  return { [MX]: { said: 'servfail', replies, ede } }
}

const CASES: ZoneCase[] = [
  ['both of ours', mx(OURS), 'pass', 'ok', { misses: ['missing', 'not-ours', 'incomplete', 'implicit-mx', 'nxdomain'] }],
  ['ours in capitals, with a dot', mx(['10 MX1.Example.NET.', '20 mx2.example.net.']), 'pass', 'ok', { misses: ['not-ours'] }],
  ['ours, all with the same preference', mx(['0 mx1.example.net', '0 mx2.example.net']), 'pass', 'ok', { misses: ['null-mx'] }],
  ['anything that resolves, without a mail host', mx(elsewhere), 'pass', 'ok', { ...alone, misses: ['not-ours'] }],
  [
    'one target whose address is not known, the other is',
    mx(OURS, { 'A mx1.example.net': 'servfail', 'AAAA mx1.example.net': 'servfail' }),
    'pass',
    'ok',
    { misses: ['target-unresolvable', 'some-unresolvable'] },
  ],
  [
    'a documentation address, which is no inner one',
    mx(OURS, { 'A mx1.example.net': ['203.0.113.25'] }),
    'pass',
    'ok',
    { misses: ['private-address'] },
  ],
  [
    'an inner address that the mail host itself is said to have',
    mx(OURS, { 'A mx1.example.net': ['10.0.0.25'] }),
    'pass',
    'ok',
    { target: targetOf({ mailHost: { ...MAIL_HOST, sendingAddresses: ['10.0.0.25'] } }), misses: ['private-address'] },
  ],
  [
    'a name made of digits',
    mx(['10 192.0.2.example'], { 'A 192.0.2.example': ['192.0.2.9'] }),
    'pass',
    'ok',
    {
      ...alone,
      misses: ['ip-literal'],
    },
  ],
  [
    'a name that only begins like localhost',
    mx(['10 localhost.example.net'], { 'A localhost.example.net': ['192.0.2.9'] }),
    'pass',
    'ok',
    {
      ...alone,
      misses: ['localhost'],
    },
  ],
  [
    'two hosts with one address',
    mx(OURS, { 'A mx2.example.net': ['192.0.2.1'] }),
    'pass',
    'ok',
    { misses: ['duplicate', 'cname-target'] },
  ],
  [
    'a null MX where no mail is wanted',
    mx(['0 .']),
    'pass',
    'null-mx-ok',
    {
      ...silent,
      misses: ['null-mx', 'null-mx-preference', 'null-mx-mixed', 'unexpected-mx', 'not-receiving-ok'],
    },
  ],
  [
    'nothing at all where no mail is wanted',
    none('nodata', 'nodata'),
    'pass',
    'not-receiving-ok',
    {
      ...silentAlone,
      misses: ['missing', 'null-mx-ok', 'implicit-mx'],
    },
  ],
  ['no such domain', {}, 'fail', 'nxdomain', { misses: ['missing'] }],
  [
    'no MX and no address',
    none('nodata', 'nodata'),
    'fail',
    'missing',
    { misses: ['nxdomain', 'implicit-mx', 'not-receiving-ok'] },
  ],
  [
    'no MX, and the address is not known',
    none('nodata', 'timeout'),
    'unknown',
    'dns-timeout',
    { misses: ['missing', 'implicit-mx'] },
  ],
  ['no MX but an address', none(['192.0.2.1'], 'servfail'), 'warn', 'implicit-mx', { misses: ['missing', 'ok'] }],
  ['a null MX where mail is wanted', mx(['0 .']), 'fail', 'null-mx', { misses: ['null-mx-ok'] }],
  ['a null MX beside ours', mx(['0 .', ...OURS]), 'warn', 'null-mx-mixed', { misses: ['null-mx', 'ok'] }],
  ['a null MX with a preference', mx(['10 .']), 'warn', 'null-mx-preference', { ...silent, misses: ['null-mx-ok'] }],
  ['an MX where no mail is wanted', mx(OURS), 'warn', 'unexpected-mx', silent],
  ['another provider', mx(elsewhere), 'fail', 'not-ours', { misses: ['foreign-primary'] }],
  ['a name that only ends like ours', mx(['10 xmx1.example.net'], { 'A xmx1.example.net': ['192.0.2.3'] }), 'fail', 'not-ours'],
  [
    'a foreign host before ours',
    mx(['5 mx.elsewhere.example', ...OURS]),
    'fail',
    'foreign-primary',
    { misses: ['foreign-extra', 'not-ours'] },
  ],
  [
    'a foreign host with the same preference',
    mx(['10 mx.elsewhere.example', ...OURS]),
    'warn',
    'foreign-extra',
    {
      misses: ['foreign-primary'],
    },
  ],
  ['a foreign host behind ours', mx([...OURS, '50 mx.elsewhere.example']), 'warn', 'foreign-extra'],
  ['only one of ours', mx(['10 mx1.example.net']), 'warn', 'incomplete', { misses: ['ok', 'foreign-extra'] }],
  ['an address instead of a name', mx(['10 192.0.2.1']), 'fail', 'ip-literal'],
  ['an address with a dot behind it', mx(['10 192.0.2.1.']), 'fail', 'ip-literal', { misses: ['target-unresolvable'] }],
  ['an IPv6 address in brackets', mx(['10 [2001:db8::25]']), 'fail', 'ip-literal', alone],
  ['localhost', mx(['10 localhost']), 'fail', 'localhost', { ...alone, misses: ['target-unresolvable', 'private-address'] }],
  [
    'no target exists',
    mx(OURS, {
      'A mx1.example.net': 'nxdomain',
      'AAAA mx1.example.net': 'nxdomain',
      'A mx2.example.net': 'nodata',
      'AAAA mx2.example.net': 'nodata',
    }),
    'fail',
    'target-unresolvable',
    { misses: ['some-unresolvable'] },
  ],
  [
    'no target is known, one for a fault',
    mx(OURS, {
      'A mx1.example.net': 'nxdomain',
      'AAAA mx1.example.net': 'nxdomain',
      'A mx2.example.net': 'nodata',
      'AAAA mx2.example.net': 'servfail',
    }),
    'unknown',
    'dns-servfail',
    { misses: ['target-unresolvable'] },
  ],
  [
    'one of two targets is gone',
    mx(OURS, { 'A mx2.example.net': 'nxdomain', 'AAAA mx2.example.net': 'nxdomain' }),
    'warn',
    'some-unresolvable',
    { misses: ['target-unresolvable'] },
  ],
  ['an inner address', mx(OURS, { 'A mx1.example.net': ['10.0.0.1'] }), 'fail', 'private-address'],
  [
    'a loopback address',
    mx(elsewhere, { 'AAAA mx.elsewhere.example': ['::1'] }),
    'fail',
    'private-address',
    { ...alone, misses: ['localhost'] },
  ],
  [
    'an alias',
    mx(OURS, { 'A mx1.example.net': { said: ['192.0.2.1'], cnames: ['real.example.net'] } }),
    'warn',
    'cname-target',
    {
      misses: ['ok', 'some-unresolvable'],
    },
  ],
  ['a host twice', mx(['10 mx1.example.net', '15 mx1.example.net', '20 mx2.example.net']), 'warn', 'duplicate'],
  [
    'two resolvers that disagree',
    { ...RESOLVING, [MX]: { said: OURS, disagree: true } },
    'warn',
    'resolvers-disagree',
    { misses: ['ok'] },
  ],
  [
    'two resolvers that disagree whether there is a domain',
    { [MX]: { said: 'nxdomain', disagree: true } },
    'warn',
    'resolvers-disagree',
    {
      misses: ['nxdomain'],
    },
  ],
  [
    'another provider, though two resolvers disagree',
    { ...RESOLVING, [MX]: { said: elsewhere, disagree: true } },
    'fail',
    'not-ours',
    {
      misses: ['resolvers-disagree'],
    },
  ],
  ['SERVFAIL', { [MX]: 'servfail' }, 'unknown', 'dns-servfail', { misses: ['nxdomain', 'dns-refused'] }],
  [
    'SERVFAIL, and the servers of the zone refuse too',
    { [MX]: { said: 'servfail', zone: zoneThat('broken') } },
    'fail',
    'zone-broken',
    { misses: ['dns-servfail'] },
  ],
  [
    'SERVFAIL, but the servers of the zone answer',
    { [MX]: { said: 'servfail', zone: zoneThat('well') } },
    'unknown',
    'dns-servfail',
    { misses: ['zone-broken'] },
  ],
  ['two resolvers that say bogus', bogus(6, 6), 'fail', 'dnssec-bogus', { misses: ['dns-servfail', 'zone-broken'] }],
  ['one resolver that says bogus', bogus(6, 22), 'unknown', 'dns-servfail', { misses: ['dnssec-bogus'] }],
  ['REFUSED', { [MX]: 'refused' }, 'unknown', 'dns-refused', { misses: ['nxdomain', 'dns-timeout'] }],
  ['silence', { [MX]: 'timeout' }, 'unknown', 'dns-timeout', { misses: ['nxdomain', 'dns-truncated'] }],
  ['an answer too big for the path', { [MX]: 'truncated' }, 'unknown', 'dns-truncated', { misses: ['nxdomain', 'dns-fault'] }],
  ['FORMERR', { [MX]: 'formerr' }, 'unknown', 'dns-fault', { misses: ['nxdomain'] }],
  ['NOTIMP', { [MX]: 'notimp' }, 'unknown', 'dns-fault', { misses: ['nxdomain'] }],
  ['bytes that are no answer', { [MX]: 'malformed' }, 'unknown', 'dns-fault', { misses: ['nxdomain'] }],
  ['a socket that fails', { [MX]: 'network' }, 'unknown', 'dns-fault', { misses: ['nxdomain'] }],
]

/** Every reason of `dns_mx`. */
export const dnsMxTable = zoneTable(dnsMx, targetOf(), CASES)
