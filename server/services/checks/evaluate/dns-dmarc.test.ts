import { describe, expect, it } from 'vitest'
import type { DnsAnswer, DnsOutcome, RecordType } from '#server/platform/dns/types'
import type { CheckStatus } from '#shared/schemas/checks'
import { answerOf, NOW, targetOf } from '../../../../tests/helpers/check-facts'
import type { CheckWorld } from '../collectors/contract'
import { dnsDmarc } from '../collectors/dns-dmarc'
import { dnsDmarcReasons } from '../reasons/dns-dmarc'

type Zone = Record<string, string[] | DnsOutcome>

/** Texts by name; all else does not exist. */
function worldOf(zone: Zone, asked: string[] = []): CheckWorld {
  const query = (name: string, type: RecordType): Promise<DnsAnswer> => {
    asked.push(name)
    return Promise.resolve(answerOf(name, type, zone[name] ?? 'nxdomain'))
  }
  return { dns: { query }, signal: new AbortController().signal } as unknown as CheckWorld
}
const own = (...texts: string[]): Zone => ({ '_dmarc.example.org': texts })
const RUA = 'rua=mailto:dmarc@example.org'
const parent = (text: string): Zone => ({ '_dmarc.example.org': [text] })
const SUB = 'sub.example.org'

const CASES: [string, Zone, CheckStatus, string, string?][] = [
  ['reject', own(`v=DMARC1; p=reject; ${RUA}`), 'pass', 'ok'],
  ['white space around =, and a policy in capitals', own(`v = DMARC1; p = Quarantine; ${RUA}`), 'pass', 'ok'],
  ['a record beside another text', own('verification=1', `v=DMARC1; p=reject; ${RUA}`), 'pass', 'ok'],
  ['pct=100', own(`v=DMARC1; p=reject; pct=100; ${RUA}`), 'pass', 'ok'],
  ['a size behind the report address', own('v=DMARC1; p=reject; rua=mailto:d@example.org!10m'), 'pass', 'ok'],
  ['no record', {}, 'fail', 'missing'],
  ['a version in small letters is no record', own(`v=dmarc1; p=reject; ${RUA}`), 'fail', 'missing'],
  ['a longer version is no record', own(`v=DMARC10; p=reject; ${RUA}`), 'fail', 'missing'],
  ['a record at the domain itself', { 'example.org': [`v=DMARC1; p=reject; ${RUA}`] }, 'fail', 'wrong-location'],
  ['an SPF record in its place', own('v=spf1 -all'), 'fail', 'spf-found'],
  ['two records', own(`v=DMARC1; p=reject; ${RUA}`, `v=DMARC1; p=none; ${RUA}`), 'fail', 'multiple-records'],
  [
    'two records below a good parent',
    { ...parent(`v=DMARC1; p=reject; ${RUA}`), '_dmarc.sub.example.org': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] },
    'fail',
    'multiple-records',
    SUB,
  ],
  ['a slip of the pen, nobody to tell', own('v=DMARC1; p=rejetc'), 'fail', 'invalid-policy'],
  ['a slip of the pen, with a report address', own(`v=DMARC1; p=rejetc; ${RUA}`), 'warn', 'invalid-policy'],
  ['an empty policy, nobody to tell', own('v=DMARC1; p='), 'fail', 'invalid-policy'],
  ['a policy with a subdomain policy that is none of the three', own('v=DMARC1; p=reject; sp=rejct'), 'fail', 'invalid-policy'],
  ['no policy, nobody to tell', own('v=DMARC1;'), 'fail', 'invalid-policy'],
  ['none', own(`v=DMARC1; p=none; ${RUA}`), 'warn', 'monitor-only'],
  ['a test', own(`v=DMARC1; p=reject; t=y; ${RUA}`), 'warn', 'testing'],
  ['open subdomains', own(`v=DMARC1; p=reject; sp=none; ${RUA}`), 'warn', 'subdomains-open'],
  ['half of the mail', own(`v=DMARC1; p=reject; pct=50; ${RUA}`), 'warn', 'pct-partial'],
  ['no report address', own('v=DMARC1; p=reject'), 'warn', 'no-reports'],
  ['a bare report address', own('v=DMARC1; p=reject; rua=dmarc@example.org'), 'warn', 'bad-report-address'],
  [
    'reports to somebody who did not agree',
    own('v=DMARC1; p=reject; rua=mailto:d@reports.example'),
    'warn',
    'reports-not-authorised',
  ],
  [
    'reports to somebody who agreed',
    { ...own('v=DMARC1; p=reject; rua=mailto:d@reports.example'), 'example.org._report._dmarc.reports.example': ['v=DMARC1;'] },
    'pass',
    'ok',
  ],
  [
    'reports to somebody whose zone is in trouble',
    { ...own('v=DMARC1; p=reject; rua=mailto:d@reports.example'), 'example.org._report._dmarc.reports.example': 'servfail' },
    'pass',
    'ok',
  ],
  ['reports to a host of the same organisation', own('v=DMARC1; p=reject; rua=mailto:d@reports.example.org'), 'pass', 'ok'],
  ['a subdomain inherits', parent(`v=DMARC1; p=reject; ${RUA}`), 'pass', 'inherited', SUB],
  ['a subdomain inherits sp', parent(`v=DMARC1; p=reject; sp=none; ${RUA}`), 'warn', 'monitor-only', SUB],
  [
    'a subdomain with a record of its own',
    { ...parent('v=DMARC1; p=none'), '_dmarc.sub.example.org': [`v=DMARC1; p=reject; ${RUA}`] },
    'pass',
    'ok',
    SUB,
  ],
  ['a subdomain below a fault inherits nothing', { '_dmarc.example.org': 'servfail' }, 'unknown', 'dns-servfail', SUB],
  [
    'an organisation below the one that the suffix list names',
    { '_dmarc.dept.example.org': [`v=DMARC1; p=reject; psd=n; ${RUA}`] },
    'warn',
    'receivers-may-differ',
    'x.dept.example.org',
  ],
  ['a resolver in trouble', { '_dmarc.example.org': 'timeout' }, 'unknown', 'dns-timeout'],
]

describe('dns_dmarc', () => {
  it.each(CASES)('%s', async (_, zone, status, reason, domain = 'example.org') => {
    const target = targetOf({ domain })
    expect(dnsDmarc.evaluate(await dnsDmarc.collect(worldOf(zone), target), target, NOW)).toMatchObject({ status, reason })
  })

  it('has a case for every reason of its catalogue', () => {
    const given = new Set(CASES.map(([, , , reason]) => reason))
    expect(Object.keys(dnsDmarcReasons).filter((reason) => !given.has(reason))).toEqual([])
  })

  it('walks eight steps at most, and jumps to the last seven labels', async () => {
    const asked: string[] = []
    await dnsDmarc.collect(worldOf({}, asked), targetOf({ domain: 'a.b.c.d.e.f.g.h.i.example.org' }))
    const walk = asked.filter((name) => name.startsWith('_dmarc.'))
    expect(walk).toHaveLength(8)
    expect(walk[1]).toBe('_dmarc.e.f.g.h.i.example.org')
    expect(walk.at(-1)).toBe('_dmarc.org')
  })

  it('shows both readings of two records', async () => {
    const zone = {
      ...parent(`v=DMARC1; p=reject; ${RUA}`),
      '_dmarc.sub.example.org': ['v=DMARC1; p=none', 'v=DMARC1; p=quarantine'],
    }
    const target = targetOf({ domain: SUB })
    const { params, evidence } = dnsDmarc.evaluate(await dnsDmarc.collect(worldOf(zone), target), target, NOW)
    expect(params).toMatchObject({ newReaders: 'reject', oldReaders: 'no policy' })
    expect(evidence.found.inherited).toContain('p=reject')
  })
})
