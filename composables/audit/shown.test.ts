import { describe, expect, it } from 'vitest'
import { AuditEvent } from '#shared/schemas/audit'
import { compareShown } from './shown'
import { SHOWN_EVENT } from '../../tests/helpers/shown-event'

const AT = Date.parse('2026-01-15T12:00:00Z')
const BYTES = {
  ...{ id: 'ev_1', action: 'tenant.updated', actor: { id: 'u_1', type: 'user' }, at: AT, recv: AT + 120, v: 1 },
  ...{ resource: { id: 't_1', type: 'tenant' }, scope: 'p_3', refs: ['p_3', 't_1'], pd: 'aa'.repeat(32) },
  meta: { category: 'tenant', outcome: 'success', severity: 'medium', source: 'authentik', ext: 'pk-1' },
  data: { 'plan.before': 'basic', 'plan.after': 'plus', 'email.changed': true, domains: 2, name: 'Acme' },
}
const SHOWN: AuditEvent = {
  ...SHOWN_EVENT,
  ...{ at: new Date(AT).toISOString(), receivedAt: new Date(AT + 120).toISOString() },
  metadata: { ...BYTES.data, 'email.before': 'a@example.org' },
  ...{ log: 'p_3/2', index: 0, prevHash: 'ab'.repeat(32), hash: 'cd'.repeat(32) },
}
/** Each field with a value that is none of its own; those of the leaf are the proof's. */
const FLIPS: { [Key in Exclude<keyof AuditEvent, 'index' | 'prevHash' | 'hash' | 'metadata'>]: [to: unknown, named: string] } = {
  ...{ id: ['ev_2', 'event id'], at: ['2026-01-15T12:00:00.001Z', 'when'], receivedAt: ['2026-01-15T12:00:00Z', 'received'] },
  ...{ action: ['tenant.created', 'action'], category: ['mail', 'category'], severity: ['low', 'severity'] },
  ...{ outcome: ['failure', 'outcome'], source: ['vigia', 'source'], externalId: [null, 'id at the source'] },
  ...{ actorType: ['system', 'kind of actor'], actorId: ['u_2', 'actor id'] },
  ...{ resourceType: ['domain', 'resource type'], resourceId: ['t_2', 'resource id'], resourceName: ['Beta', 'resource name'] },
  ...{ tenantId: [null, 'tenant id'], partnerId: ['p_4', 'partner id'], log: ['p_4', 'log'] },
  personal: ['none', 'how much of the person is shown'],
  ...{ actorName: ['Eve', 'name'], actorEmail: ['eve@example.org', 'e-mail'], actorIp: ['192.0.2.8', 'IP address'] },
  ...{ actorUserAgent: ['curl', 'browser'], tenantSlug: ['beta', 'tenant'], partnerSlug: ['sul', 'partner'] },
  ...{ template: ['{actor} was here', 'wording of the title'], seq: [8, 'number'] },
  risk: [{ ...SHOWN.risk, score: 90 }, 'risk'],
  classification: [{ ...SHOWN.classification, retention: 'short' }, 'class'],
}
const PERSON = ['name', 'e-mail', 'IP address', 'browser']
const SEALED = ['how much of the person is shown', ...PERSON, 'email before']
const DERIVED = ['tenant', 'partner', 'wording of the title', 'risk', 'class', 'number']
// What the portal makes of an event, and what of a person lies sealed, the bytes cannot tell; that is said, not passed over.
const UNPROVEN = new Set([...SEALED, ...DERIVED])

const NAMELESS = { resourceType: 'mail', metadata: {} }

const compare = (shown: object, bytes: object = {}) =>
  compareShown(JSON.stringify({ ...BYTES, ...bytes }), { ...SHOWN, ...shown } as AuditEvent)
const named = (shown: object, bytes?: object) => compare(shown, bytes)?.differences.map(({ field }) => field)

describe('what is shown of an event', () => {
  it('is told apart: what the bytes say, what they seal, what they do not hold', () => {
    expect(compare({})).toEqual({ differences: [], sealed: SEALED, derived: DERIVED })
  })

  it.each(Object.entries(FLIPS))('is noticed, or said to be unproven, when it is false: %s', (key, [to, field]) => {
    const isTold = key === 'personal' || !UNPROVEN.has(field)
    expect(named({ [key]: to })).toEqual(isTold ? [field] : [])
  })

  it('is all of what the API tells', () => {
    const ofTheLeaf = ['index', 'prevHash', 'hash', 'metadata']
    expect([...Object.keys(FLIPS), ...ofTheLeaf].sort()).toEqual(Object.keys(AuditEvent.shape).sort())
  })

  it.each<[string, object, object, object]>([
    ['another value', { 'plan.before': 'free' }, {}, { field: 'plan before', shown: 'free', told: 'basic' }],
    ['a value of another kind', { domains: '2' }, {}, { field: 'domains', shown: '2', told: '2' }],
    ['a value that the log has not', { 'mode.after': 'open' }, {}, { field: 'mode after', shown: 'open', told: null }],
    ['a value of a person where there is none', { note: 'x' }, { pd: undefined }, { field: 'note', shown: 'x', told: null }],
    ['a value that the page leaves out', { domains: undefined }, {}, { field: 'domains', shown: null, told: '2' }],
  ])('is noticed in the details: %s', (_, change, bytes, difference) => {
    const person = { personal: 'none', actorName: null, actorEmail: null, actorIp: null, actorUserAgent: null }
    const metadata = JSON.parse(JSON.stringify({ ...BYTES.data, ...change })) as object
    expect(compare({ metadata, ...('pd' in bytes && person) }, bytes)?.differences).toEqual([difference])
  })

  it.each<[string, object, object, string[]]>([
    ['the person of an event without one', { pd: undefined }, { personal: 'none', metadata: BYTES.data }, PERSON],
    ['a partner where there is none', { scope: 'platform', refs: ['t_1'] }, { log: 'platform' }, ['partner id']],
    ['a name where the event has none', { resource: { id: 't_1', type: 'mail' }, data: {} }, NAMELESS, ['resource name']],
  ])('is noticed when it is made up: %s', (_, bytes, shown, fields) => {
    expect(named(shown, bytes)).toEqual(fields)
  })

  it.each(['shown', 'erased'])('may hide a person, which is said though nothing of it is shown: %s', (personal) => {
    const nobody = { actorName: null, actorEmail: null, actorIp: null, actorUserAgent: null }
    const hidden = compare({ ...nobody, personal, metadata: BYTES.data })
    expect(hidden).toMatchObject({ differences: [], sealed: ['how much of the person is shown'] })
  })

  it('leaves the name that a tenant has now unproven', () => {
    const { name: _, ...data } = BYTES.data
    expect(compare({ metadata: data }, { data })).toMatchObject({ differences: [], derived: ['resource name', ...DERIVED] })
  })

  it.each(['{', '[]', '{"id":"ev_1"}', JSON.stringify({ ...BYTES, v: 2 })])(
    'cannot be compared with what is no event: %s',
    (text) => {
      expect(compareShown(text, SHOWN)).toBeNull()
    },
  )
})
