import type { HttpResult } from '#server/platform/http/types'
import type { ExtendedStatus } from '#shared/schemas/extended'
import { createAuthority, type CertificateAuthority } from '../../helpers/certificates'
import { DAY_MS, NOW, pageOf } from '../../helpers/check-facts'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../helpers/extended'
import { bimi } from '#server/services/checks/extended/bimi'
import type { BimiReason } from '#server/services/checks/extended/reasons/bimi'
import { withNearMisses } from '../contract'

export const LOGO = 'https://logo.example/logo.svg'
const MARK = 'https://logo.example/mark.pem'
export const BOTH = `v=BIMI1; l=${LOGO}; a=${MARK}`
const ENFORCED = { 'TXT _dmarc.example.org': ['v=DMARC1; p=reject'] }
const HOST = { 'A logo.example': ['192.0.2.1'] }
export const own = (...texts: string[]): Zone => ({ ...ENFORCED, ...HOST, 'TXT default._bimi.example.org': texts })
export const svg = (inside = '', root = 'version="1.2" baseProfile="tiny-ps"') =>
  pageOf(200, `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" ${root}><title>Example</title>${inside}</svg>`)

type Pages = Record<string, HttpResult>
type Make = (mark: (options?: Partial<Mint>) => Promise<HttpResult>) => Promise<Pages> | Pages
interface Mint {
  names: string[]
  days: number
  usage: 'serverAuth'
  leafAlone: boolean
}

const CASES: [string, Zone, Make, ExtendedStatus, string, string?][] = [
  [
    'a logo with its certificate',
    own(BOTH),
    async (mark) => ({ [LOGO]: svg('<path d="M0 0"/>'), [MARK]: await mark() }),
    'pass',
    'ok',
  ],
  [
    'a certificate that names the place of the record',
    own(BOTH),
    async (mark) => ({ [LOGO]: svg(), [MARK]: await mark({ names: ['default._bimi.example.org'] }) }),
    'pass',
    'ok',
  ],
  [
    'a subdomain by the record of its organisation',
    own(BOTH),
    async (mark) => ({ [LOGO]: svg(), [MARK]: await mark() }),
    'pass',
    'ok',
    'sub.example.org',
  ],
  [
    'a reference inside the logo',
    own(BOTH),
    async (mark) => ({ [LOGO]: svg('<use href="#a"/>'), [MARK]: await mark() }),
    'pass',
    'ok',
  ],
  ['no record', ENFORCED, () => ({}), 'info', 'absent'],
  ['a text of another kind', own('v=BIMI2; l='), () => ({}), 'info', 'absent'],
  ['taking no part', own('v=BIMI1; l=; a='), () => ({}), 'info', 'info-declined'],
  ['two records', own(BOTH, BOTH.replace('logo.svg', 'other.svg')), () => ({}), 'warn', 'multiple'],
  ['a certificate without a logo', own(`v=BIMI1; a=${MARK}`), () => ({}), 'warn', 'malformed'],
  ['a logo over plain HTTP', own(`v=BIMI1; l=${LOGO.replace('https', 'http')}`), () => ({}), 'warn', 'malformed'],
  [
    'a policy of none',
    { ...own(BOTH), 'TXT _dmarc.example.org': ['v=DMARC1; p=none'] },
    () => ({ [LOGO]: svg() }),
    'warn',
    'dmarc-not-enforced',
  ],
  [
    'a policy that leaves subdomains open',
    { ...own(BOTH), 'TXT _dmarc.example.org': ['v=DMARC1; p=reject; sp=none'] },
    () => ({ [LOGO]: svg() }),
    'warn',
    'dmarc-not-enforced',
  ],
  [
    'a policy for half of the mail',
    { ...own(BOTH), 'TXT _dmarc.example.org': ['v=DMARC1; p=quarantine; pct=50'] },
    () => ({ [LOGO]: svg() }),
    'warn',
    'dmarc-not-enforced',
  ],
  [
    'a policy that is not known',
    { ...own(BOTH), 'TXT _dmarc.example.org': 'servfail' },
    () => ({ [LOGO]: svg() }),
    'unknown',
    'dns-servfail',
  ],
  ['a logo that is not there', own(BOTH), () => ({}), 'warn', 'unreachable'],
  [
    'a logo whose server is silent',
    own(BOTH),
    () => ({ [LOGO]: { ok: false, fault: 'timeout', address: '192.0.2.1', latencyMs: 1 } }),
    'unknown',
    'unreachable',
  ],
  [
    'a logo whose host has no address',
    { ...ENFORCED, 'TXT default._bimi.example.org': [BOTH] },
    () => ({}),
    'warn',
    'unreachable',
  ],
  ['a logo of another profile', own(BOTH), () => ({ [LOGO]: svg('', 'version="1.1"') }), 'warn', 'logo-profile'],
  ['a logo with a script', own(BOTH), () => ({ [LOGO]: svg('<g><script>1</script></g>') }), 'warn', 'logo-profile'],
  [
    'a logo that refers to something outside',
    own(BOTH),
    () => ({ [LOGO]: svg('<use xlink:href="https://x.example/y"/>') }),
    'warn',
    'logo-profile',
  ],
  ['a picture in its place', own(BOTH), () => ({ [LOGO]: pageOf(200, '\u0089PNG') }), 'warn', 'logo-profile'],
  [
    'a logo with a document type',
    own(BOTH),
    () => ({ [LOGO]: pageOf(200, '<!DOCTYPE svg [<!ENTITY a "b">]><svg/>') }),
    'warn',
    'logo-profile',
  ],
  ['a logo of 33 KB', own(BOTH), () => ({ [LOGO]: svg(`<desc>${'x'.repeat(33 * 1024)}</desc>`) }), 'warn', 'logo-profile'],
  ['a logo without a certificate', own(`v=BIMI1; l=${LOGO}`), () => ({ [LOGO]: svg() }), 'info', 'no-certificate'],
  [
    'a page in place of the certificate',
    own(BOTH),
    () => ({ [LOGO]: svg(), [MARK]: pageOf(200, '<html>') }),
    'warn',
    'certificate-invalid',
  ],
  [
    'a certificate for web servers',
    own(BOTH),
    async (mark) => ({ [LOGO]: svg(), [MARK]: await mark({ usage: 'serverAuth' }) }),
    'warn',
    'certificate-invalid',
  ],
  [
    'a certificate of somebody else',
    own(BOTH),
    async (mark) => ({ [LOGO]: svg(), [MARK]: await mark({ names: ['notexample.org'] }) }),
    'warn',
    'certificate-invalid',
  ],
  [
    'a certificate without its chain',
    own(BOTH),
    async (mark) => ({ [LOGO]: svg(), [MARK]: await mark({ leafAlone: true }) }),
    'warn',
    'certificate-invalid',
  ],
  [
    'a certificate that ended',
    own(BOTH),
    async (mark) => ({ [LOGO]: svg(), [MARK]: await mark({ days: -1 }) }),
    'fail',
    'certificate-expired',
  ],
  [
    'a certificate that ends in 29 days',
    own(BOTH),
    async (mark) => ({ [LOGO]: svg(), [MARK]: await mark({ days: 29 }) }),
    'warn',
    'certificate-ends',
  ],
  ['a resolver in trouble', { 'TXT default._bimi.example.org': 'timeout' }, () => ({}), 'unknown', 'dns-timeout'],

  [
    'a policy of quarantine for all of the mail',
    { ...own(BOTH), 'TXT _dmarc.example.org': ['v=DMARC1; p=quarantine; pct=100'] },
    async (mark) => ({ [LOGO]: svg(), [MARK]: await mark() }),
    'pass',
    'ok',
  ],
  [
    'a certificate that ends in 31 days',
    own(BOTH),
    async (mark) => ({ [LOGO]: svg(), [MARK]: await mark({ days: 31 }) }),
    'pass',
    'ok',
  ],
]

let authority: Promise<CertificateAuthority> | undefined

/** A mark certificate; the authority is made with the first of them. */
async function markOf({ names = ['example.org'], days = 200, usage, leafAlone }: Partial<Mint> = {}): Promise<HttpResult> {
  const { mint, cert: root } = await (authority ??= createAuthority('Mark Authority'))
  const dates = { notBefore: new Date(NOW - 300 * DAY_MS), notAfter: new Date(NOW + days * DAY_MS) }
  const { cert } = await mint({ names, ...dates, usages: [usage === 'serverAuth' ? '1.3.6.1.5.5.7.3.1' : '1.3.6.1.5.5.7.3.31'] })
  return pageOf(200, leafAlone ? cert : `${cert}\n${root}`)
}

/** A zone, and a web that serves these pages. */
export const webOf = (zone: Zone, pages: Pages) =>
  zoneWorld(zone, { http: { request: ({ url }) => Promise.resolve(pages[url.href] ?? pageOf(404)) } })

/** For each reason the case that only just escapes it. */
const NEAR: Record<BimiReason, string> = {
  ok: 'a certificate that ends in 29 days',
  absent: 'taking no part',
  'info-declined': 'a certificate without a logo',
  multiple: 'a logo with its certificate',
  malformed: 'a logo without a certificate',
  'dmarc-not-enforced': 'a policy of quarantine for all of the mail',
  unreachable: 'a logo with its certificate',
  'logo-profile': 'a reference inside the logo',
  'no-certificate': 'a page in place of the certificate',
  'certificate-invalid': 'a certificate that names the place of the record',
  'certificate-expired': 'a certificate that ends in 29 days',
  'certificate-ends': 'a certificate that ends in 31 days',
}

/** Every reason of `bimi`. */
export const bimiTable = withNearMisses(
  CASES.map(([it, zone, make, status, reason, domain = 'example.org']) => {
    const target = extendedTargetOf({ domain })
    return { it, status, reason, target, verdict: async () => verdictIn(bimi, webOf(zone, await make(markOf)), target) }
  }),
  NEAR,
)
