/** The admin SOAP service of a mail host, as far as a health check needs it. JSON in, JSON out; XML in, XML out. */

export interface AdminDomain {
  name: string
  status: 'active' | 'suspended'
}

/** What the service knows. */
export interface AdminState {
  user: string
  password: string
  /** The token that a right password gets. */
  token: string
  find(domain: string): AdminDomain | undefined
  all(): AdminDomain[]
}

export interface SoapAnswer {
  status: number
  contentType: string
  body: string
}

interface SoapRequest {
  operation: string
  token: string
  name: string
  password: string
  domain: string
}

interface Fault {
  code: string
  text: string
}

type Outcome = { fault: Fault } | { token: string } | { domains: AdminDomain[] }

const text = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return text(value[0])
  return isRecord(value) ? text(value._content) : ''
}
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const child = (value: unknown, key: string): unknown => (isRecord(value) ? value[key] : undefined)

function parseJson(body: string): SoapRequest | null {
  let envelope: unknown
  try {
    envelope = JSON.parse(body)
  } catch {
    return null
  }
  const operations = child(envelope, 'Body')
  const operation = isRecord(operations) ? (Object.keys(operations)[0] ?? '') : ''
  const request = child(operations, operation)
  return {
    operation,
    token: text(child(child(child(envelope, 'Header'), 'context'), 'authToken')),
    name: text(child(request, 'name')) || text(child(request, 'account')),
    password: text(child(request, 'password')),
    domain: text(child(request, 'domain')),
  }
}

const unescape = (xml: string) =>
  xml.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&')
const escape = (raw: string) =>
  raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const element = (xml: string, name: string) =>
  unescape(new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(xml)?.[1]?.trim() ?? '')

function parseXml(body: string): SoapRequest | null {
  const operation = /<(?:\w+:)?(\w+Request)[\s/>]/.exec(body)?.[1]
  if (!operation) return null
  return {
    operation,
    token: element(body, 'authToken'),
    name: element(body, 'name') || element(body, 'account'),
    password: element(body, 'password'),
    domain: element(body, 'domain'),
  }
}

const NEEDS_AUTH = ['GetDomainRequest', 'GetAllDomainsRequest']
const fault = (code: string, message: string): Outcome => ({ fault: { code, text: message } })

function perform(request: SoapRequest, state: AdminState): Outcome {
  if (request.operation === 'AuthRequest') {
    const right = request.name === state.user && request.password === state.password
    return right ? { token: state.token } : fault('account.AUTH_FAILED', `authentication failed for [${request.name}]`)
  }
  if (!NEEDS_AUTH.includes(request.operation)) return fault('service.UNKNOWN_DOCUMENT', `unknown document: ${request.operation}`)
  if (!request.token) return fault('service.AUTH_REQUIRED', 'no valid authtoken present')
  if (request.token !== state.token) return fault('service.AUTH_EXPIRED', 'auth credentials have expired')
  if (request.operation === 'GetAllDomainsRequest') return { domains: state.all() }
  const domain = state.find(request.domain.toLowerCase())
  return domain ? { domains: [domain] } : fault('account.NO_SUCH_DOMAIN', `no such domain: ${request.domain}`)
}

const responseName = (operation: string) => operation.replace(/Request$/, 'Response')
/** Stable, so that two looks at a domain see the same id. */
const idOf = (domain: string) => `id-${Buffer.from(domain).toString('hex').slice(0, 32)}`

function toJson(operation: string, outcome: Outcome): string {
  const namespace = { _jsns: 'urn:zimbraAdmin' }
  const body = (): object => {
    if ('fault' in outcome) {
      const { code, text: message } = outcome.fault
      return {
        Fault: {
          Code: { Value: 'soap:Sender' },
          Reason: { Text: message },
          Detail: { Error: { Code: code, Trace: 'sample', _jsns: 'urn:zimbra' } },
        },
      }
    }
    if ('token' in outcome)
      return { AuthResponse: { authToken: [{ _content: outcome.token }], lifetime: 43_200_000, ...namespace } }
    const domain = outcome.domains.map(({ name, status }) => ({
      name,
      id: idOf(name),
      a: [
        { n: 'zimbraDomainName', _content: name },
        { n: 'zimbraDomainStatus', _content: status },
        { n: 'zimbraVirtualHostname', _content: `mail.${name}` },
      ],
    }))
    return { [responseName(operation)]: { domain, ...namespace } }
  }
  return JSON.stringify({ Header: { context: { _jsns: 'urn:zimbra' } }, Body: body(), _jsns: 'urn:zimbraSoap' })
}

function toXml(operation: string, outcome: Outcome): string {
  const body = (): string => {
    if ('fault' in outcome)
      return (
        `<soap:Fault><soap:Code><soap:Value>soap:Sender</soap:Value></soap:Code><soap:Reason><soap:Text>${escape(outcome.fault.text)}` +
        `</soap:Text></soap:Reason><soap:Detail><Error xmlns="urn:zimbra"><Code>${outcome.fault.code}</Code></Error></soap:Detail></soap:Fault>`
      )
    const name = responseName(operation)
    if ('token' in outcome)
      return `<${name} xmlns="urn:zimbraAdmin"><authToken>${outcome.token}</authToken><lifetime>43200000</lifetime></${name}>`
    const domains = outcome.domains.map(
      (domain) =>
        `<domain name="${escape(domain.name)}" id="${idOf(domain.name)}"><a n="zimbraDomainName">${escape(domain.name)}</a>` +
        `<a n="zimbraDomainStatus">${domain.status}</a></domain>`,
    )
    return `<${name} xmlns="urn:zimbraAdmin">${domains.join('')}</${name}>`
  }
  return `<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body>${body()}</soap:Body></soap:Envelope>`
}

/** Answers one request. Faults travel with HTTP 500, as the product has it. `cookieToken` counts when the header brings none. */
export function answerSoap(body: string, cookieToken: string, state: AdminState): SoapAnswer {
  const json = body.trimStart().startsWith('{')
  const parsed = json ? parseJson(body) : parseXml(body)
  const request = parsed && { ...parsed, token: parsed.token || cookieToken }
  const outcome = request ? perform(request, state) : fault('service.PARSE_ERROR', 'parse error')
  const operation = request?.operation ?? ''
  return {
    status: 'fault' in outcome ? 500 : 200,
    contentType: json ? 'text/javascript; charset=utf-8' : 'application/soap+xml; charset=utf-8',
    body: json ? toJson(operation, outcome) : toXml(operation, outcome),
  }
}
