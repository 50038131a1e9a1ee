import { describe, expect, it } from 'vitest'
import { CHECK_IDS, type CheckStatus } from '#shared/schemas/checks'
import type { DomainSummary, Overview } from '#shared/schemas/overview'
import { cellsOf, withCells, withCheck, withSummaries } from './apply'

const summary = (id: string, status: CheckStatus | null): DomainSummary => ({
  id,
  tenant: { id: `t-${id}`, slug: `slug-${id}`, name: id, plan: null, partner: null },
  domain: `${id}.example`,
  score: 8,
  max: 8,
  status: 'healthy',
  since: null,
  failingSince: null,
  lastAuditAt: null,
  checks: CHECK_IDS.map((check) => ({ id: check, status, reason: null })),
  day: '',
})
const pages = (...groups: DomainSummary[][]) => ({
  pages: groups.map((domains) => ({ domains }) as Overview),
  pageParams: groups.map(() => ''),
})

describe('live events on the cached list', () => {
  it('replaces a domain where it stands and leaves every other object as it was', () => {
    const before = pages([summary('a', 'pass'), summary('b', 'fail')], [summary('c', 'pass')])
    const news = summary('b', 'pass')
    const after = withSummaries(before, new Map([['b', news]]))
    expect(after.pages[0]?.domains.map(({ id }) => id)).toEqual(['a', 'b'])
    expect(after.pages[0]?.domains[1]).toBe(news)
    expect(after.pages[0]?.domains[0]).toBe(before.pages[0]?.domains[0])
    expect(after.pages[1]).toBe(before.pages[1])
  })

  it('gives the very same data back when no domain of it is meant', () => {
    const before = pages([summary('a', 'pass')])
    expect(withSummaries(before, new Map([['z', summary('z', 'fail')]]))).toBe(before)
  })

  it('turns one cell of the domain of that tenant, by slug or id, and no other', () => {
    const before = pages([summary('a', 'fail')])
    const event = { runId: 'r', tenant: 'slug-a', domain: 'a.example', checkId: 'dns_mx', status: 'pass' } as const
    const cells = (data: typeof before) => cellsOf(data.pages[0]!.domains[0]!)
    expect(cells(withCheck(before, event))).toBe('FFFPFFFF')
    expect(cells(withCheck(before, { ...event, tenant: 't-a' }))).toBe('FFFPFFFF')
    expect(withCheck(before, { ...event, tenant: 'slug-b' })).toBe(before)
  })
})

describe('live events on the cached matrix', () => {
  it('writes the cells of the domain that changed', () => {
    const matrix = {
      rows: [
        ['a', 'slug-a', 'a.example', 'PPPPPPPP'],
        ['b', 'slug-b', 'b.example', 'PPPPPPPP'],
      ],
    } as unknown as Parameters<typeof withCells>[0]
    const after = withCells(matrix, new Map([['b', summary('b', null)]]))
    expect(after.rows[1]?.[3]).toBe('........')
    expect(after.rows[0]).toBe(matrix.rows[0])
  })
})
