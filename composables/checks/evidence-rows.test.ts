import { describe, expect, it } from 'vitest'
import { evidenceGroups } from './evidence-rows'

const lookup = {
  name: 's2026._domainkey.acme.example',
  type: 'TXT',
  outcome: 'noerror',
  values: ['v=DKIM1; p='],
  cnames: [],
  ttl: 3600,
  servers: [
    { server: '192.0.2.53', outcome: 'noerror' },
    { server: '198.51.100.53', outcome: 'noerror' },
  ],
  notes: [],
}

describe('evidenceGroups', () => {
  it('says who was asked, who answered and what came, once', () => {
    expect(evidenceGroups({ lookups: [lookup], connections: [], found: { records: ['v=DKIM1; p='] } })).toEqual([
      [
        { label: 'Asked', lines: ['s2026._domainkey.acme.example TXT'], mono: true },
        { label: 'Answered', lines: ['192.0.2.53, confirmed by 198.51.100.53 · NOERROR · TTL 3600'], mono: false },
        { label: 'Record', lines: ['v=DKIM1; p='], mono: true },
      ],
    ])
  })

  it('leaves out what the cache said again, and keeps what another server said', () => {
    const lookups = [lookup, { ...lookup, notes: ['cached'] }, { ...lookup, servers: [{ server: 'c', outcome: 'noerror' }] }]
    expect(evidenceGroups({ lookups, connections: [], found: {} })).toHaveLength(2)
  })

  it('puts what lies inside a structure on lines of its own', () => {
    const found = { addresses: { '192.0.2.1': { names: ['a', 'b'], valid: false } } }
    const [[row] = []] = evidenceGroups({ lookups: [], connections: [], found })
    expect(row?.lines).toEqual(['192.0.2.1', '  names: a, b', '  valid: no'])
  })

  it('names each server when they disagree', () => {
    const servers = [
      { server: 'a', outcome: 'noerror' },
      { server: 'b', outcome: 'nxdomain' },
    ]
    const [rows] = evidenceGroups({ lookups: [{ ...lookup, servers }], connections: [], found: {} })
    expect(rows?.[1]?.lines).toEqual(['a: NOERROR, b: NXDOMAIN'])
  })

  it('shows what was judged in words, and raw structures as they are', () => {
    const found = {
      notAfter: '2026-12-01',
      valid: true,
      empty: null,
      names: ['a', { b: 1 }],
      none: {},
      hosts: { mx1: ['192.0.2.1', '::1'], mx2: [] },
    }
    expect(evidenceGroups({ lookups: [], connections: [], found })).toEqual([
      [
        { label: 'Not after', lines: ['2026-12-01'], mono: false },
        { label: 'Valid', lines: ['yes'], mono: false },
        { label: 'Names', lines: ['a', '{"b":1}'], mono: true },
        { label: 'Hosts', lines: ['mx1: 192.0.2.1, ::1', 'mx2: none'], mono: true },
      ],
    ])
  })

  it('shows a connection with its address and time', () => {
    const connections = [{ target: 'mail.acme.example:443', address: '192.0.2.10', result: '200', latencyMs: 84 }]
    expect(evidenceGroups({ lookups: [], connections, found: {} })[0]?.map((item) => item.lines[0])).toEqual([
      'mail.acme.example:443',
      '192.0.2.10',
      '200 · 84 ms',
    ])
  })
})
