import { describe, expect, it } from 'vitest'
import { targetOf } from '../../../../tests/helpers/check-facts'
import { stubDns, verdictOver, type StubZone } from '../../../../tests/reasons/contract'
import { dnsDmarc } from '../collectors/dns-dmarc'

const RUA = 'rua=mailto:dmarc@example.org'

// The table of its reasons is tests/reasons/dns-dmarc.ts.
describe('dns_dmarc', () => {
  it('walks eight steps at most, and jumps to the last seven labels', async () => {
    const asked: string[] = []
    await verdictOver(dnsDmarc, stubDns({}, asked), targetOf({ domain: 'a.b.c.d.e.f.g.h.i.example.org' }))
    const walk = asked.filter((question) => question.startsWith('TXT _dmarc.'))
    expect(walk).toHaveLength(8)
    expect(walk[1]).toBe('TXT _dmarc.e.f.g.h.i.example.org')
    expect(walk.at(-1)).toBe('TXT _dmarc.org')
  })

  it('shows both readings of two records', async () => {
    const zone: StubZone = {
      'TXT _dmarc.example.org': [`v=DMARC1; p=reject; sp=quarantine; ${RUA}`],
      'TXT _dmarc.sub.example.org': ['v=DMARC1; p=none', 'v=DMARC1; p=quarantine'],
    }
    const { params, evidence } = await verdictOver(dnsDmarc, stubDns(zone), targetOf({ domain: 'sub.example.org' }))
    expect(params).toMatchObject({ newReaders: 'quarantine', oldReaders: 'no policy' })
    expect(evidence.found.readings).toEqual({ rfc9989: 'quarantine', rfc7489: 'no policy' })
    expect(evidence.found.inherited).toContain('p=reject')
  })

  it('notes what old and new receivers read differently', async () => {
    const zone = { 'TXT _dmarc.example.org': ['v=DMARC1; rua=mailto:d@example.org!10m; p=reject; pct=100; ri=3600'] }
    const { evidence } = await verdictOver(dnsDmarc, stubDns(zone), targetOf())
    const notes = evidence.found.notes
    expect(notes).toHaveLength(4)
    expect(String(notes)).toMatch(/pct= was removed.*ri= was removed.*second tag.*size limit/)
  })

  it('asks whether the domain exists only where that matters', async () => {
    const asked: string[] = []
    const zone = { 'TXT _dmarc.example.org': [`v=DMARC1; p=reject; ${RUA}`] }
    await verdictOver(dnsDmarc, stubDns(zone, asked), targetOf({ domain: 'sub.example.org' }))
    expect(asked).not.toContain('TXT sub.example.org')
  })
})
