import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DOMAIN, targetOf } from '../../../../tests/helpers/check-facts'
import { readZoneFile } from '../../../../tests/helpers/zone-file'
import type { Verdict } from '../collectors/contract'
import { mendedPolicy } from '../reasons/dmarc-mend'
import { RECORD_KINDS } from './index'
import { zoneFile } from './zone-file'

const verdict = (status: Verdict['status'], reason: string, more: Partial<Verdict> = {}): Verdict => ({
  ...{ status, reason, params: {}, evidence: { lookups: [], connections: [], found: {} } },
  ...more,
})
const OURS = 'ip4:192.0.2.25 ip6:2001:db8::25'

describe('the DMARC record to publish', () => {
  it.each<[string, string[], string]>([
    ['asks for reports where none is', [], `v=DMARC1; p=quarantine; rua=mailto:dmarc@${DOMAIN}`],
    [
      'raises the policy and keeps everything else',
      ['v=DMARC1; p=none; adkim=s; rua=mailto:r@reports.example; ruf=mailto:f@x.example'],
      'v=DMARC1; p=quarantine; adkim=s; ruf=mailto:f@x.example; rua=mailto:r@reports.example',
    ],
    [
      'keeps a stricter policy',
      ['v=DMARC1; p=reject; t=y; pct=20; sp=none; rua=mailto:a@b.example'],
      'v=DMARC1; p=reject; rua=mailto:a@b.example',
    ],
    [
      'joins the report addresses of several, and drops what is no address',
      ['v=DMARC1; p=reject; rua=mailto:a@b.example', 'v=DMARC1; p=none; rua=mailto:c@d.example,nonsense'],
      'v=DMARC1; p=reject; rua=mailto:a@b.example,mailto:c@d.example',
    ],
  ])('%s', (_, found, wanted) => {
    expect(mendedPolicy(found, targetOf())).toBe(wanted)
  })
})

const seen = (status: Verdict['status'], reason: string, found: Verdict['evidence']['found']) =>
  verdict(status, reason, { evidence: { lookups: [], connections: [], found } })

describe('the plan of a domain', () => {
  it('keeps what passes, word for word', () => {
    const target = targetOf()
    const texts = { mx: ['5 own.choice.example.'], records: ['v=spf1  mx   -all'] }
    const dmarc = { records: { [`_dmarc.${DOMAIN}`]: ['v=DMARC1;p=reject;rua=mailto:a@b.example'] } }
    const verdicts = {
      dns_mx: seen('pass', 'ok', texts),
      dns_spf: seen('pass', 'ok', texts),
      dns_dmarc: seen('pass', 'ok', dmarc),
    }
    for (const kind of [RECORD_KINDS.mx, RECORD_KINDS.spf, RECORD_KINDS.dmarc]) {
      const [set] = kind.plan(target, verdicts)
      expect(set?.wanted).toEqual(set?.found)
      expect(set?.wanted).toHaveLength(1)
    }
  })

  it('says what should stand there before anybody has looked', () => {
    const sets = Object.values(RECORD_KINDS).flatMap((kind) => kind.plan(targetOf(), {}))
    expect(sets.map(({ name, type, found, wanted }) => [name, type, found, wanted])).toEqual([
      [DOMAIN, 'MX', [], ['10 mx1.example.net.', '20 mx2.example.net.']],
      [DOMAIN, 'TXT', [], [`v=spf1 ${OURS} -all`]],
      [`_dmarc.${DOMAIN}`, 'TXT', [], [`v=DMARC1; p=quarantine; rua=mailto:dmarc@${DOMAIN}`]],
      [`mail.${DOMAIN}`, 'A', [], ['192.0.2.10']],
      [`mail.${DOMAIN}`, 'AAAA', [], ['2001:db8::10']],
    ])
  })

  it('has the key of each selector that is declared, and says of others who knows it', () => {
    const { publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    })
    const p = publicKey.toString('base64')
    const target = targetOf({ dkim: [{ selector: 'a', publicKey: p }, { selector: 'b', publicKey: p }, { selector: 'c' }] })
    const keys = { a: [`v=DKIM1; k=rsa; n=ours; p=${p}`], b: [`v=DKIM1; t=y; p=${p}`], c: [] }
    expect(RECORD_KINDS.dkim.plan(target, { dns_dkim: seen('fail', 'missing', { keys }) })).toMatchObject([
      { wanted: keys.a },
      { wanted: [`v=DKIM1; k=rsa; p=${p}`] },
      { wanted: [], note: expect.stringContaining('mail host') },
    ])
  })

  it('leaves an alias of the webmail name that leads to our front end', () => {
    const lookup = { outcome: 'answer', ttl: 60, servers: [], notes: [], name: `mail.${DOMAIN}` }
    const lookups = [
      { ...lookup, type: 'A', values: ['192.0.2.10'], cnames: ['front.example.net'] },
      { ...lookup, type: 'AAAA', values: ['2001:db8::10'], cnames: ['front.example.net'] },
    ]
    const page = verdict('pass', 'ok', { evidence: { lookups, connections: [], found: {} } })
    expect(RECORD_KINDS.webmail.plan(targetOf(), { webmail_http: page })).toMatchObject([
      { type: 'CNAME', found: ['front.example.net.'], wanted: ['front.example.net.'] },
    ])
  })
})

describe('a zone file', () => {
  const text = `v=DKIM1; n="quoted" \\ back; ü; p=${'A'.repeat(600)}`
  const sets = [
    { name: DOMAIN, type: 'MX' as const, wanted: ['10 mx1.example.net.'] },
    { name: `s1._domainkey.${DOMAIN}`, type: 'TXT' as const, wanted: [text] },
    { name: `${DOMAIN}._report._dmarc.other.example`, type: 'TXT' as const, wanted: ['v=DMARC1;'] },
  ]

  it('is read back as it was meant: names, strings of 255 octets at most, escapes', () => {
    const lines = readZoneFile(zoneFile(DOMAIN, sets, ['a remark\nof two lines']))
    expect(lines.map(({ name, type, value }) => ({ name, type, wanted: [value] }))).toEqual(
      sets.map((set) => (set.type === 'MX' ? { ...set, wanted: ['10 mx1.example.net.'] } : set)),
    )
    expect(Math.max(...lines.flatMap(({ strings }) => strings))).toBe(255)
  })

  it('writes names of the domain relative to its origin, and all others absolute', () => {
    const file = zoneFile(DOMAIN, sets, [])
    expect(file).toMatch(/^\$ORIGIN example\.org\.\n\$TTL \d+\n@ IN MX 10 mx1\.example\.net\.\ns1\._domainkey IN TXT "/)
    expect(file).toContain(`\n${DOMAIN}._report._dmarc.other.example. IN TXT "v=DMARC1;"\n`)
  })
})
