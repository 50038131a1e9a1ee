import { describe, expect, it } from 'vitest'
import { type IdOf, mapEvent } from './map-event'
import { readEvent } from './read-event'

const idOf: IdOf = ({ accountId, name }) => `s:${accountId ?? name}`

function map(type: string, data: object | string = {}, twin = 0) {
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  return mapEvent(readEvent(Buffer.from(`{"createdAt":"2026-03-01T09:15:04Z","type":"${type}","data":${text}}`))!, twin, idOf)
}
/** What is told of it, without what is not there. */
const dataOf = (event: ReturnType<typeof map>) => JSON.parse(JSON.stringify(event.data)) as unknown

describe('the actor', () => {
  it.each([
    ['auth.success', { accountName: 'kai@a.example', accountId: 17 }, { type: 'user', id: 's:17', email: 'kai@a.example' }],
    ['auth.failed', { accountName: 'recovery-admin' }, { type: 'user', id: 's:recovery-admin', name: 'recovery-admin' }],
    ['auth.failed', { reason: 'Account not found' }, { type: 'service', id: 'anonymous' }],
    ['security.unauthorized', { accountId: 3 }, { type: 'user', id: 's:3' }],
    ['security.authentication-ban', { accountName: 'kai@a.example' }, { type: 'service', id: 'stalwart' }],
    ['queue.authenticated-message-queued', { from: 'kai@a.example' }, { type: 'user', id: 's:kai@a.example' }],
    ['queue.authenticated-message-queued', { from: '<>' }, { type: 'service', id: 'anonymous' }],
    ['queue.message-queued', { from: 'stranger@b.example' }, { type: 'service', id: 'stalwart' }],
    ['message-ingest.ham', { accountId: 22 }, { type: 'service', id: 'stalwart' }],
  ])('of %s with %j is %j', (type, data, actor) => {
    expect(map(type, data).actor).toMatchObject(actor)
  })

  it('of an impersonation is the master user, on behalf of the account', () => {
    const event = map('auth.success', { accountName: 'kai@a.example', accountId: 17, details: 'master@a.example' })
    expect(event.actor).toMatchObject({ id: 's:master@a.example', email: 'master@a.example' })
    expect(event.data).toMatchObject({ onBehalfOf: 's:17' })
    expect(JSON.stringify(event.data)).not.toContain('master')
  })

  it.each([
    ['2001:db8::1', '2001:db8::1'],
    ['192.0.2.1', '192.0.2.1'],
    ['not an address', undefined],
    [17, undefined],
  ])('comes from %s as %s', (remoteIp, ip) => {
    expect(map('auth.success', { accountName: 'x', remoteIp }).actor.ip).toBe(ip)
  })
})

describe('the tenant is looked for', () => {
  const domains = (type: string, data: object) => map(type, data).tenantHints
  it.each([
    ['auth.success', { accountName: 'Kai@A.Example' }, ['a.example']],
    ['auth.success', { accountName: 'žofie@lesní-zahrada.example' }, ['lesní-zahrada.example']],
    ['queue.authenticated-message-queued', { from: 'kai@a.example', to: ['x@b.example'] }, ['a.example', 'b.example']],
    // A sender that nobody proved: whoever receives it comes first.
    ['queue.message-queued', { from: 'kai@a.example', to: ['x@b.example'] }, ['b.example', 'a.example']],
    ['smtp.dmarc-fail', { domain: 'bank.example' }, ['bank.example']],
    ['queue.dsn-queued', { from: '<>', to: ['kai@a.example', 'eva@a.example'] }, ['a.example']],
    ['server.startup', {}, []],
  ])('for %s with %j in %j', (type, data, expected) => {
    expect(domains(type, data)).toEqual(expected.map((domain) => ({ domain })))
  })
})

describe('the outcome', () => {
  it.each([
    ['auth.success', 'success'],
    ['auth.failed', 'failure'],
    ['auth.too-many-attempts', 'failure'],
    ['auth.mfa-required', 'success'],
    ['security.authentication-ban', 'success'],
    ['security.ip-unauthorized', 'failure'],
    ['delivery.dsn-perm-fail', 'failure'],
    ['delivery.rcpt-to-rejected', 'failure'],
    ['server.startup-error', 'failure'],
    ['queue.error-free', 'success'],
  ])('of %s is %s', (type, outcome) => {
    expect(map(type).outcome).toBe(outcome)
  })
})

describe('what is told', () => {
  it('keeps numbers beyond 2^53 digit by digit', () => {
    expect(dataOf(map('x.y', '{"spanId":18446744073709551615,"queueId":341872345712459776}'))).toEqual({
      spanId: '18446744073709551615',
      queueId: '341872345712459776',
    })
  })

  it.each([
    ['localPort', '99999999999999999999'],
    ['size', '"48213"'],
    ['size', '1e400'],
    ['strict', '"true"'],
    ['listenerId', '"imap\\u0000s"'],
    ['accountId', '{"a":1}'],
    ['hostname', '"mx <script>"'],
    ['result', '{"type":7}'],
  ])('leaves out %s where it is %s', (key, value) => {
    expect(dataOf(map('x.y', `{"${key}":${value}}`))).toEqual({})
  })

  it('has a negative size and a duration with a fraction as they are, in whole numbers', () => {
    expect(dataOf(map('x.y', { size: -1, elapsed: 0.6 }))).toEqual({ size: -1, elapsedMs: 1 })
  })

  it('never holds what a message or another server said', () => {
    const secret = 'Canary content'
    const data = {
      contents: [secret],
      details: `5.1.1 ${secret}`,
      reason: `550 ${secret}`,
      subject: secret,
      path: `/${secret}`,
      value: secret,
    }
    for (const type of ['delivery.raw-input', 'auth.success', 'security.scan-ban', 'auth.failed', 'holodeck.door-opened'])
      expect(JSON.stringify(map(type, data).data)).not.toContain('Canary')
  })

  it('reads id and details as what they are in their group', () => {
    expect(dataOf(map('dkim.signature-retired', { domain: 'a.example', id: '202509e' }))).toEqual({
      domain: 'a.example',
      selector: '202509e',
    })
    expect(dataOf(map('incoming-report.dmarc-report', { id: '1772323200.77', dmarcPass: 4 }))).toEqual({
      reportId: '1772323200.77',
      dmarcPass: 4,
    })
    expect(dataOf(map('queue.quota-exceeded', { id: 'q', type: 'Sender' }))).toEqual({})
    expect(dataOf(map('security.ip-block-expired', { details: ['203.0.113.9', '2001:db8::/48'] }))).toEqual({
      addresses: '203.0.113.9, 2001:db8::/48',
    })
  })

  it('names twins of one second apart', () => {
    const [first, second] = [map('auth.failed', {}, 0), map('auth.failed', {}, 1)]
    expect(first.externalId).not.toBe(second.externalId)
  })
})
