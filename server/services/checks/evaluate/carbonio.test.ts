import { describe, expect, it } from 'vitest'
import type { HttpResult } from '#server/platform/http/types'
import { pageOf } from '../../../../tests/helpers/check-facts'
import { active, broken } from '../../../../tests/reasons/carbonio'
import { domainRequest, readDomain, readSession, soapUrl } from '../collectors/carbonio-admin'
import type { DomainLook } from './carbonio'

const fault = (code: string, status = 500) =>
  pageOf(
    status,
    `<soap:Fault><soap:Code><soap:Value>soap:Sender</soap:Value></soap:Code><Error><Code>${code}</Code></Error></soap:Fault>`,
  )

describe('the admin service', () => {
  it.each<[string, HttpResult, DomainLook]>([
    [
      'a status',
      pageOf(200, '<domain name="example.org" id="1"><a n="zimbraDomainStatus">locked</a></domain>'),
      { kind: 'found', status: 'locked' },
    ],
    ['no status, which means active', pageOf(200, '<domain name="example.org" id="1"></domain>'), active],
    ['no domain', pageOf(200, '<GetDomainResponse/>'), { kind: 'unavailable', code: 'no-domain' }],
    ['an unknown domain', fault('account.NO_SUCH_DOMAIN'), { kind: 'missing' }],
    ['a session that ended', fault('service.AUTH_EXPIRED'), { kind: 'refused', code: 'service.AUTH_EXPIRED' }],
    ['a right that is missing', fault('service.PERM_DENIED'), { kind: 'refused', code: 'service.PERM_DENIED' }],
    ['another fault', fault('service.FAILURE'), { kind: 'unavailable', code: 'service.FAILURE' }],
    ['403 of a proxy', pageOf(403), { kind: 'refused', code: 'HTTP 403' }],
    ['502 of a proxy', pageOf(502, 'Bad Gateway'), { kind: 'unavailable', code: 'HTTP 502' }],
    ['nothing', broken('timeout'), { kind: 'unavailable', code: 'timeout' }],
  ])('is read: %s', (_, result, look) => {
    expect(readDomain(result)).toEqual(look)
  })

  it('opens a session, or says why not', () => {
    expect(readSession(pageOf(200, '<AuthResponse><authToken>abc</authToken></AuthResponse>'))).toEqual({ token: 'abc' })
    expect(readSession(fault('account.AUTH_FAILED'))).toEqual({ kind: 'refused', code: 'account.AUTH_FAILED' })
    expect(readSession(pageOf(200, '<html>'))).toEqual({ kind: 'unavailable', code: 'no-token' })
  })

  it('is asked at its own path, and names cannot break out of the request', () => {
    expect(soapUrl('https://host.example.net:7071').href).toBe('https://host.example.net:7071/service/admin/soap')
    expect(soapUrl('https://host.example.net/x/soap').pathname).toBe('/x/soap')
    expect(domainRequest('t', 'a</domain><b>')).toContain('a&lt;/domain&gt;&lt;b&gt;')
  })
})
