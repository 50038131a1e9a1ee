import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../index'
import { ADMIN_PASSWORD, ADMIN_USER, mailHost } from '../provider'

let world: World
beforeAll(async () => {
  world = await startWorld()
  world.addHealthyDomains(3)
})
afterAll(() => world.close())

async function post(body: string, headers: Record<string, string> = {}) {
  const name = 'lisboa.atlantico-mail.example'
  const call = request({
    host: mailHost('lisboa').frontend,
    port: world.ports.admin,
    servername: name,
    ca: world.caPem,
    method: 'POST',
    path: '/service/admin/soap',
    headers: { host: name, ...headers },
    agent: false,
  })
  call.end(body)
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return { status: response.statusCode, type: response.headers['content-type'], text }
}

const json = (operation: string, fields: object, authToken?: string) =>
  post(
    JSON.stringify({
      Header: { context: { _jsns: 'urn:zimbra', ...(authToken ? { authToken } : {}) } },
      Body: { [operation]: { _jsns: 'urn:zimbraAdmin', ...fields } },
    }),
  )

const xml = (inner: string, authToken = '') =>
  post(
    `<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Header><context xmlns="urn:zimbra">` +
      `<authToken>${authToken}</authToken></context></soap:Header><soap:Body>${inner}</soap:Body></soap:Envelope>`,
  )

async function signIn(): Promise<string> {
  const answer = await json('AuthRequest', { name: ADMIN_USER, password: ADMIN_PASSWORD })
  const envelope = JSON.parse(answer.text) as { Body: { AuthResponse: { authToken: { _content: string }[] } } }
  return envelope.Body.AuthResponse.authToken[0]?._content ?? ''
}

const codeOf = (text: string) =>
  (JSON.parse(text) as { Body: { Fault: { Detail: { Error: { Code: string } } } } }).Body.Fault.Detail.Error.Code

describe('the admin service in JSON', () => {
  it('gives a token for the right password', async () => {
    expect(await signIn()).toMatch(/^0_[0-9a-f]{48}$/)
  })

  it.each([
    ['umbrella.example', 'active'],
    ['quintadovale-turismo.pt', 'suspended'],
    ['bench-00002.example', 'active'],
  ])('says that %s is %s', async (domain, status) => {
    const answer = await json('GetDomainRequest', { domain: { by: 'name', _content: domain } }, await signIn())
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toMatchObject({
      Body: {
        GetDomainResponse: {
          domain: [{ name: domain, a: expect.arrayContaining([{ n: 'zimbraDomainStatus', _content: status }]) }],
        },
      },
    })
  })

  it('lists all domains of this host and none of another', async () => {
    const answer = await json('GetAllDomainsRequest', {}, await signIn())
    const envelope = JSON.parse(answer.text) as { Body: { GetAllDomainsResponse: { domain: { name: string }[] } } }
    const names = envelope.Body.GetAllDomainsResponse.domain.map((domain) => domain.name)
    expect(names).toContain('umbrella.example')
    expect(names).toContain('bench-00000.example')
    expect(names).not.toContain('stark-academy.example')
    expect(names).not.toContain('wayneprint.example')
  })

  it.each([
    {
      case: 'a wrong password',
      operation: 'AuthRequest',
      fields: { name: ADMIN_USER, password: 'guess' },
      token: '',
      code: 'account.AUTH_FAILED',
    },
    { case: 'no token', operation: 'GetAllDomainsRequest', fields: {}, token: '', code: 'service.AUTH_REQUIRED' },
    { case: 'an old token', operation: 'GetAllDomainsRequest', fields: {}, token: '0_dead', code: 'service.AUTH_EXPIRED' },
    {
      case: 'an unknown request',
      operation: 'DeleteDomainRequest',
      fields: {},
      token: '0_dead',
      code: 'service.UNKNOWN_DOCUMENT',
    },
  ])('answers $case with a fault and HTTP 500', async ({ operation, fields, token, code }) => {
    const answer = await json(operation, fields, token)
    expect(answer.status).toBe(500)
    expect(codeOf(answer.text)).toBe(code)
  })

  it.each(['stark-academy.example', 'bench-00003.example', 'mail.bench-00000.example'])('does not know %s', async (domain) => {
    const answer = await json('GetDomainRequest', { domain: { by: 'name', _content: domain } }, await signIn())
    expect([answer.status, codeOf(answer.text)]).toEqual([500, 'account.NO_SUCH_DOMAIN'])
  })

  it('takes the token as a cookie', async () => {
    const body = JSON.stringify({ Body: { GetDomainRequest: { domain: { by: 'name', _content: 'umbrella.example' } } } })
    expect((await post(body, { cookie: `ZM_ADMIN_AUTH_TOKEN=${await signIn()}` })).status).toBe(200)
  })

  it('answers garbage with a fault', async () => {
    const answer = await post('{"Body":')
    expect([answer.status, codeOf(answer.text)]).toEqual([500, 'service.PARSE_ERROR'])
  })
})

describe('the admin service in XML', () => {
  it('signs in and tells the status of a domain', async () => {
    const auth = await xml(
      `<AuthRequest xmlns="urn:zimbraAdmin"><name>${ADMIN_USER}</name><password>${ADMIN_PASSWORD}</password></AuthRequest>`,
    )
    expect(auth.type).toContain('application/soap+xml')
    const token = /<authToken>([^<]+)</.exec(auth.text)?.[1] ?? ''
    const answer = await xml(
      '<GetDomainRequest xmlns="urn:zimbraAdmin"><domain by="name">quintadovale-turismo.pt</domain></GetDomainRequest>',
      token,
    )
    expect(answer.text).toContain('<a n="zimbraDomainStatus">suspended</a>')
  })

  it('answers a wrong password with a fault', async () => {
    const answer = await xml('<AuthRequest xmlns="urn:zimbraAdmin"><name>x</name><password>y</password></AuthRequest>')
    expect(answer.status).toBe(500)
    expect(answer.text).toContain('<Code>account.AUTH_FAILED</Code>')
  })
})
