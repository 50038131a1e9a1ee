import { dnsDmarc } from '#server/services/checks/collectors/dns-dmarc'
import { targetOf } from '../helpers/check-facts'
import { zoneTable, type StubZone, type ZoneCase } from './contract'

const MX = { 'MX example.org': ['10 mx.example.org'], 'MX reports.example': ['10 mx.reports.example'] }
const at = (domain: string, ...texts: string[]): StubZone => ({ ...MX, [`TXT _dmarc.${domain}`]: texts })
const own = (...texts: string[]) => at('example.org', ...texts)
const RUA = 'rua=mailto:dmarc@example.org'
const ENFORCED = `v=DMARC1; p=reject; ${RUA}`
const OUTSIDE = 'v=DMARC1; p=reject; rua=mailto:d@reports.example'
const CONSENT = 'TXT example.org._report._dmarc.reports.example'
const SUB = 'sub.example.org'
const sub = { target: targetOf({ domain: SUB }) }
const EXISTS = { [`TXT ${SUB}`]: 'nodata' } satisfies StubZone

const OWN: ZoneCase[] = [
  ['reject', own(ENFORCED), 'pass', 'ok', { misses: ['missing', 'monitor-only', 'testing', 'no-reports', 'missing-policy'] }],
  [
    'white space around =, and a policy in capitals',
    own(`v = DMARC1; p = Quarantine; ${RUA}`),
    'pass',
    'ok',
    { misses: ['invalid-policy', 'missing'] },
  ],
  ['a record beside another text', own('verification=1', ENFORCED), 'pass', 'ok', { misses: ['multiple-records', 'spf-found'] }],
  ['pct=100', own(`v=DMARC1; p=reject; pct=100; ${RUA}`), 'pass', 'ok', { misses: ['pct-partial'] }],
  ['t=n', own(`v=DMARC1; p=reject; t=n; ${RUA}`), 'pass', 'ok', { misses: ['testing'] }],
  [
    'weaker subdomains, but not open',
    own(`v=DMARC1; p=reject; sp=quarantine; np=reject; ${RUA}`),
    'pass',
    'ok',
    {
      misses: ['subdomains-open', 'nonexistent-open'],
    },
  ],
  [
    'a size behind the report address',
    own('v=DMARC1; p=reject; rua=mailto:d@example.org!10m'),
    'pass',
    'ok',
    { misses: ['bad-report-address'] },
  ],
  [
    'a record, and another at the domain itself',
    { ...own(ENFORCED), 'TXT example.org': [ENFORCED] },
    'pass',
    'ok',
    { misses: ['wrong-location'] },
  ],
  ['no record', MX, 'fail', 'missing', { misses: ['wrong-location', 'spf-found'] }],
  ['a version in small letters is no record', own(`v=dmarc1; p=reject; ${RUA}`), 'fail', 'missing', { misses: ['ok'] }],
  ['a longer version is no record', own(`v=DMARC10; p=reject; ${RUA}`), 'fail', 'missing'],
  ['a version that is not first is no record', own(`p=reject; v=DMARC1; ${RUA}`), 'fail', 'missing'],
  ['a record at the domain itself', { ...MX, 'TXT example.org': [ENFORCED] }, 'fail', 'wrong-location', { misses: ['missing'] }],
  ['an SPF record in its place', own('v=spf1 -all'), 'fail', 'spf-found', { misses: ['missing'] }],
  ['two records', own(ENFORCED, `v=DMARC1; p=none; ${RUA}`), 'fail', 'multiple-records', { misses: ['ok'] }],
  ['a slip of the pen, nobody to tell', own('v=DMARC1; p=rejetc'), 'fail', 'invalid-policy', { misses: ['missing-policy'] }],
  ['a slip of the pen, with a report address', own(`v=DMARC1; p=rejetc; ${RUA}`), 'warn', 'invalid-policy'],
  ['an empty policy, nobody to tell', own('v=DMARC1; p='), 'fail', 'invalid-policy'],
  ['a subdomain policy that is none of the three', own('v=DMARC1; p=reject; sp=rejct'), 'fail', 'invalid-policy'],
  ['no policy, nobody to tell', own('v=DMARC1;'), 'fail', 'missing-policy', { misses: ['invalid-policy', 'missing'] }],
  ['no policy, with a report address', own(`v=DMARC1; ${RUA}`), 'warn', 'missing-policy'],
  ['none', own(`v=DMARC1; p=none; ${RUA}`), 'warn', 'monitor-only', { misses: ['ok'] }],
  ['a test', own(`v=DMARC1; p=reject; t=y; ${RUA}`), 'warn', 'testing'],
  ['open subdomains', own(`v=DMARC1; p=reject; sp=none; ${RUA}`), 'warn', 'subdomains-open', { misses: ['monitor-only'] }],
  [
    'open subdomains that do not exist',
    own(`v=DMARC1; p=reject; np=none; ${RUA}`),
    'warn',
    'nonexistent-open',
    { misses: ['subdomains-open'] },
  ],
  ['99 of 100 mails', own(`v=DMARC1; p=reject; pct=99; ${RUA}`), 'warn', 'pct-partial'],
  [
    'two resolvers that disagree',
    { ...MX, 'TXT _dmarc.example.org': { said: [ENFORCED], disagree: true } },
    'warn',
    'resolvers-disagree',
  ],
  ['a resolver in trouble', { ...MX, 'TXT _dmarc.example.org': 'timeout' }, 'unknown', 'dns-timeout', { misses: ['missing'] }],
]

const REPORTS: ZoneCase[] = [
  ['no report address', own('v=DMARC1; p=reject'), 'warn', 'no-reports', { misses: ['ok'] }],
  [
    'a bare report address',
    own('v=DMARC1; p=reject; rua=dmarc@example.org'),
    'warn',
    'bad-report-address',
    { misses: ['no-reports'] },
  ],
  [
    'reports to somebody who did not agree',
    own(OUTSIDE),
    'warn',
    'reports-not-authorised',
    { misses: ['reports-undeliverable'] },
  ],
  [
    'reports to somebody who agreed',
    { ...own(OUTSIDE), [CONSENT]: ['v=DMARC1;'] },
    'pass',
    'ok',
    { misses: ['reports-not-authorised'] },
  ],
  [
    'reports to somebody whose zone is in trouble',
    { ...own(OUTSIDE), [CONSENT]: 'servfail' },
    'pass',
    'ok',
    { misses: ['reports-not-authorised'] },
  ],
  [
    'reports to another host of the organisation',
    { ...own('v=DMARC1; p=reject; rua=mailto:d@reports.example.org'), 'MX reports.example.org': ['10 mx.example.org'] },
    'pass',
    'ok',
    { misses: ['reports-not-authorised', 'reports-undeliverable'] },
  ],
  [
    'reports to a host without an MX',
    own('v=DMARC1; p=reject; rua=mailto:d@reports.example.org'),
    'warn',
    'reports-undeliverable',
  ],
  [
    'reports to a host that takes no mail',
    { ...own('v=DMARC1; p=reject; rua=mailto:d@reports.example.org'), 'MX reports.example.org': ['0 .'] },
    'warn',
    'reports-undeliverable',
  ],
  [
    'reports to a host whose MX is not known',
    { ...own(ENFORCED), 'MX example.org': 'servfail' },
    'pass',
    'ok',
    { misses: ['reports-undeliverable'] },
  ],
]

const INHERITED: ZoneCase[] = [
  ['a subdomain inherits', own(ENFORCED), 'pass', 'inherited', { ...sub, misses: ['missing', 'receivers-may-differ', 'ok'] }],
  [
    'a subdomain inherits sp',
    own(`v=DMARC1; p=reject; sp=none; ${RUA}`),
    'warn',
    'monitor-only',
    { ...sub, misses: ['inherited', 'subdomains-open'] },
  ],
  [
    'a subdomain inherits a stronger sp',
    own(`v=DMARC1; p=none; sp=reject; ${RUA}`),
    'pass',
    'inherited',
    { ...sub, misses: ['monitor-only'] },
  ],
  [
    'a subdomain that exists, under an open np',
    { ...own(`v=DMARC1; p=reject; np=none; ${RUA}`), ...EXISTS },
    'pass',
    'inherited',
    {
      ...sub,
      misses: ['monitor-only', 'nonexistent-open'],
    },
  ],
  [
    'a subdomain that does not exist, under an open np',
    own(`v=DMARC1; p=reject; np=none; ${RUA}`),
    'warn',
    'monitor-only',
    {
      ...sub,
      misses: ['inherited'],
    },
  ],
  [
    'a subdomain that does not exist, under a closed np',
    own(`v=DMARC1; p=none; sp=none; np=reject; ${RUA}`),
    'pass',
    'inherited',
    {
      ...sub,
      misses: ['monitor-only'],
    },
  ],
  [
    'a subdomain that may or may not exist, under an open np',
    { ...own(`v=DMARC1; p=reject; np=none; ${RUA}`), [`TXT ${SUB}`]: 'servfail' },
    'unknown',
    'dns-servfail',
    { ...sub, misses: ['monitor-only'] },
  ],
  [
    'a subdomain with a record of its own',
    { ...own('v=DMARC1; p=none'), ...at(SUB, ENFORCED) },
    'pass',
    'ok',
    { ...sub, misses: ['inherited'] },
  ],
  [
    'two records below a good parent',
    { ...own(ENFORCED), ...at(SUB, 'v=DMARC1; p=none', 'v=DMARC1; p=reject') },
    'fail',
    'multiple-records',
    {
      ...sub,
      misses: ['inherited'],
    },
  ],
  [
    'a subdomain below a fault inherits nothing',
    { ...MX, 'TXT _dmarc.example.org': 'servfail' },
    'unknown',
    'dns-servfail',
    {
      ...sub,
      misses: ['missing'],
    },
  ],
  [
    'an organisation below the one that the suffix list names',
    at('dept.example.org', `v=DMARC1; p=reject; psd=n; ${RUA}`),
    'warn',
    'receivers-may-differ',
    {
      target: targetOf({ domain: 'x.dept.example.org' }),
      misses: ['inherited'],
    },
  ],
  ['the policy of a public suffix', at('org', `v=DMARC1; p=reject; psd=y; ${RUA}`), 'warn', 'receivers-may-differ'],
]

/** Every reason of `dns_dmarc`. */
export const dnsDmarcTable = zoneTable(dnsDmarc, targetOf(), [...OWN, ...REPORTS, ...INHERITED])
