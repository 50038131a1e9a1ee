import { describe, expect, it } from 'vitest'
import { DOMAIN, targetOf } from '../../../../tests/helpers/check-facts'
import { stubDns, verdictOver } from '../../../../tests/reasons/contract'
import { dnsSpf } from '../collectors/dns-spf'

// The table of its reasons is tests/reasons/dns-spf.ts.
describe('dns_spf', () => {
  it('shows which term costs how much', async () => {
    const zone = {
      [`TXT ${DOMAIN}`]: [
        'v=spf1 ip4:192.0.2.25 ip6:2001:db8::25 include:a.example.net a:gone.example.net exists:%{i}.x.example.net -all mx',
      ],
      'TXT a.example.net': ['v=spf1 include:b.example.net mx -all'],
      'TXT b.example.net': ['v=spf1 redirect=c.example.net'],
      'TXT c.example.net': ['v=spf1 -all'],
      'MX a.example.net': ['10 mx.example.net'],
      'A mx.example.net': ['198.51.100.1'],
      'A 240.0.0.1.x.example.net': ['127.0.0.2'],
    }
    const { evidence } = await verdictOver(dnsSpf, stubDns(zone), targetOf())
    const leaf = { voids: 0, note: null, children: [] }
    const redirect = { ...leaf, term: 'redirect=c.example.net', target: 'c.example.net', cost: 1 }
    const b = { ...leaf, term: 'include:b.example.net', target: 'b.example.net', cost: 2, children: [redirect] }
    const mx = { ...leaf, term: 'mx', target: 'a.example.net', cost: 1 }
    expect(evidence.found.tree).toEqual({
      cost: 6,
      voids: 1,
      terms: [
        { ...leaf, term: 'include:a.example.net', target: 'a.example.net', cost: 4, children: [b, mx] },
        { ...leaf, term: 'a:gone.example.net', target: 'gone.example.net', cost: 1, voids: 1 },
        { ...leaf, term: 'exists:%{i}.x.example.net', target: '%{i}.x.example.net', cost: 1 },
      ],
    })
  })

  it('says what was not asked any more, and keeps a nest of records small', async () => {
    const nested = (of: number) => [
      `v=spf1 ${Array.from({ length: 20 }, (_, i) => `include:n${of * 20 + i + 1}.example.net`).join(' ')} -all`,
    ]
    const below = Array.from(
      { length: 420 },
      (_, i) => [`TXT n${i + 1}.example.net`, i < 20 ? nested(i + 1) : ['v=spf1 -all']] as const,
    )
    const zone = { [`TXT ${DOMAIN}`]: nested(0), ...Object.fromEntries(below) }
    const { reason, evidence } = await verdictOver(dnsSpf, stubDns(zone), targetOf())
    expect(reason).toBe('too-many-lookups')
    expect(JSON.stringify(evidence.found.tree)).toContain('"note":"not-asked"')
    expect(JSON.stringify(evidence.found.tree).length).toBeLessThan(20_000)
  })

  it('keeps its evidence small when 500 texts of 64 KB are published', async () => {
    const texts = ['v=spf1 ip4:192.0.2.25 ip6:2001:db8::25 -all', ...Array.from({ length: 500 }, () => 'x'.repeat(65_535))]
    const verdict = await verdictOver(dnsSpf, stubDns({ [`TXT ${DOMAIN}`]: texts }), targetOf())
    expect(JSON.stringify(verdict).length).toBeLessThan(500_000)
  })
})
