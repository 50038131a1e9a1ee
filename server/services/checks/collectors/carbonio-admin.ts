import type { HttpResult } from '#server/platform/http/types'
import type { DomainLook } from '../evaluate/carbonio'

/** An answer of the admin SOAP service, read as far as the check needs it. */
type SoapAnswer = { fault: string } | { body: string }
export type AdminSession = { token: string } | Exclude<DomainLook, { kind: 'found' }>

const SOAP_PATH = '/service/admin/soap'

/** The SOAP end point of an admin address; a bare origin gets the product's path. */
export function soapUrl(adminUrl: string): URL {
  const url = new URL(adminUrl)
  if (url.pathname === '/') url.pathname = SOAP_PATH
  return url
}

export function authRequest(name: string, password: string): string {
  return envelope(
    '',
    `<AuthRequest xmlns="urn:zimbraAdmin"><name>${escapeXml(name)}</name><password>${escapeXml(password)}</password></AuthRequest>`,
  )
}

/** Asks for the status alone: other attributes hold a private key. (GetDomainInfo proves nothing: it falls back to the parent domain.) */
export function domainRequest(token: string, domain: string): string {
  return envelope(
    `<authToken>${escapeXml(token)}</authToken>`,
    `<GetDomainRequest xmlns="urn:zimbraAdmin" attrs="zimbraDomainStatus"><domain by="name">${escapeXml(domain)}</domain></GetDomainRequest>`,
  )
}

/** The session that an answer to AuthRequest opens, or why there is none. */
export function readSession(result: HttpResult): AdminSession {
  const answer = readSoap(result)
  if (!('body' in answer)) return answer.kind === 'missing' ? { kind: 'unavailable', code: 'no-token' } : answer
  const token = /<(?:\w+:)?authToken[^>]*>([^<]+)</.exec(answer.body)?.[1]
  return token ? { token } : { kind: 'unavailable', code: 'no-token' }
}

/** What an answer to GetDomainRequest says of the domain. */
export function readDomain(result: HttpResult): DomainLook {
  const answer = readSoap(result)
  if (!('body' in answer)) return answer
  if (!/<(?:\w+:)?domain[\s>]/.test(answer.body)) return { kind: 'unavailable', code: 'no-domain' }
  // An unset status means active (attrs.xml of the product: default).
  const status = /<(?:\w+:)?a\s[^>]*n="zimbraDomainStatus"[^>]*>([^<]*)</.exec(answer.body)?.[1] ?? 'active'
  return { kind: 'found', status: status.slice(0, 40) }
}

type Refusal = Exclude<DomainLook, { kind: 'found' }>

function readSoap(result: HttpResult): { body: string } | Refusal {
  if (!result.ok) return { kind: 'unavailable', code: result.fault }
  if (result.status === 401 || result.status === 403) return { kind: 'refused', code: `HTTP ${result.status}` }
  if (result.status === 429) return { kind: 'rate-limited' }
  const answer = faultOrBody(result.body)
  if ('fault' in answer) return refusalOf(answer.fault)
  return result.status === 200 ? answer : { kind: 'unavailable', code: `HTTP ${result.status}` }
}

/** SOAP faults come with HTTP 500 and a code such as `account.NO_SUCH_DOMAIN`. */
function faultOrBody(body: string): SoapAnswer {
  const code = /<(?:\w+:)?Code[^>]*>\s*((?:account|service|mail)\.[A-Z_]+)\s*</.exec(body)?.[1]
  return code ? { fault: code } : { body }
}

function refusalOf(code: string): Refusal {
  if (code === 'account.NO_SUCH_DOMAIN') return { kind: 'missing' }
  return /AUTH|PERM_DENIED|CHANGE_PASSWORD|NO_SUCH_ACCOUNT|MAINTENANCE/.test(code)
    ? { kind: 'refused', code }
    : { kind: 'unavailable', code }
}

function envelope(header: string, body: string): string {
  return (
    '<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope">' +
    `<soap:Header><context xmlns="urn:zimbra">${header}</context></soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`
  )
}

const escapeXml = (raw: string) =>
  raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
