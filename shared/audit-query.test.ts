import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AUDIT_QUERY_KEYS, formatAuditQuery, parseAuditQuery } from './audit-query'
import { AuditFilter } from './schemas/audit-filter'

describe('the typed query', () => {
  it.each([
    ['action:tenant.* outcome:failure actor:anna@', { action: 'tenant.*', outcome: 'failure', actor: 'anna@' }],
    ['acme  suspended', { q: 'acme suspended' }],
    ['tenant:acme "a:b" severity:high,critical', { tenantSlug: 'acme', q: 'a:b', severity: 'high,critical' }],
    ['actor:"Anna \\"A\\" Lima"', { actor: 'Anna "A" Lima' }],
    ['ip:2001:db8::7 ip2', { ip: '2001:db8::7', q: 'ip2' }],
    ['since:2026-01-15T12:00:00Z', { since: '2026-01-15T12:00:00Z' }],
    ['  ', {}],
  ])('%s', (text, filter) => {
    expect(parseAuditQuery(text)).toEqual({ filter, faults: [] })
  })

  it.each([
    ['outcome:failed', 'outcome:failed', 0, /success, failure/],
    ['acme colour:red', 'colour:red', 5, /no key colour/],
    ['tenant:acme tenant:beta', 'tenant:beta', 12, /twice/],
    ['ip:10.0.0', 'ip:10.0.0', 0, /ip takes/],
    ['action:te*', 'action:te*', 0, /tenant\.\*/],
    ['tenant:""', 'tenant:""', 0, /tenant takes/],
  ])('names the word that is wrong in %s', (text, word, at, message) => {
    const { faults } = parseAuditQuery(text)
    expect(faults).toMatchObject([{ word, at }])
    expect(faults[0]!.message).toMatch(message)
  })

  const word = fc.stringMatching(/^[\w.@"\\:é-]{1,12}$/)
  const text = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '))
  const filters = fc.record(
    {
      action: fc.constantFrom('tenant.*', 'user.signed_in', 'user.signed_in,tenant.*'),
      outcome: fc.constantFrom('success', 'failure,partial'),
      severity: fc.constantFrom('low', 'high,critical'),
      since: fc.constant('2026-01-15T12:00:00Z'),
      ip: fc.constantFrom('192.0.2.7', '2001:db8::7'),
      ...{ actor: text, actorEmail: text, resourceId: text, tenantSlug: text, requestId: text, q: text },
    },
    { requiredKeys: [] },
  )

  it('reads back every filter that it writes', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(AuditFilter.parse(filter)).toEqual(filter)
        expect(parseAuditQuery(formatAuditQuery(filter))).toEqual({ filter, faults: [] })
      }),
    )
  })

  it('never fails on any text, and what it understood says the same when written', () => {
    fc.assert(
      fc.property(fc.string(), (given) => {
        const { filter } = parseAuditQuery(given)
        expect(parseAuditQuery(formatAuditQuery(filter)).filter).toEqual(filter)
      }),
    )
  })

  it('has a key for every filter but the free text', () => {
    expect(AUDIT_QUERY_KEYS).toHaveLength(Object.keys(AuditFilter.shape).length - 1)
  })
})
