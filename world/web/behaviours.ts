import type { IncomingMessage, ServerResponse } from 'node:http'
import { LOGIN_MARKER, LOGIN_PATH } from '../provider'
import { STS_POLICY } from '../stories/policies'

/** What a web site does with requests. `login` is a healthy Carbonio front end; `refuse` is its strict default server block. */
export type Behaviour =
  | 'login'
  | 'no-hsts'
  | 'slow'
  | 'http-500'
  | 'redirect-loop'
  | 'parking-page'
  | 'refuse'
  | 'autoconfig'
  | 'mta-sts'
  | 'mta-sts-moved'

const STS_PATH = '/.well-known/mta-sts.txt'

/** Slower than the two seconds that a login page may take. */
const SLOW_MS = 2300

const LOGIN_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Webmail</title></head>
<body><main id="${LOGIN_MARKER}"><form method="post" action="/zx/auth/v2/login"></form></main></body></html>
`

const serverXml = (kind: string, type: string, port: number) =>
  `<${kind} type="${type}"><hostname>mail.%EMAILDOMAIN%</hostname><port>${port}</port><socketType>SSL</socketType></${kind}>`
/** The file that Thunderbird asks for. */
const AUTOCONFIG = `<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="atlantico">
${serverXml('incomingServer', 'imap', 993)}${serverXml('outgoingServer', 'smtp', 465)}
</emailProvider></clientConfig>
`

export interface SiteAnswer {
  status: number
  headers?: Record<string, string>
  body?: string
}

const html = (status: number, body: string): SiteAnswer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body,
})
const redirect = (status: number, location: string): SiteAnswer => ({ status, headers: { location } })
const nginxError = (status: number, text: string) =>
  html(status, `<html><body><h1>${status} ${text}</h1><hr>nginx</body></html>\n`)

/** The mailbox health servlet behind the front end: its state decides 200 or 500, never 503. */
function health(path: string, healthy: boolean): SiteAnswer | null {
  const status = healthy ? 200 : 500
  if (path === '/service/health/ready' || path === '/service/health/live') return { status }
  if (path !== '/service/health' && path !== '/service/health/') return null
  const dependencies = [{ name: 'MariaDb', type: 'REQUIRED', ready: healthy, live: healthy }]
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ready: healthy, dependencies }),
  }
}

/** A Carbonio front end as nginx serves it. `authority` is the Host header, port and all. */
function carbonio(path: string, authority: string, healthy: boolean): SiteAnswer {
  if (path === '/' || path === '/carbonio/') return redirect(307, `https://${authority}${LOGIN_PATH}`)
  if (path === LOGIN_PATH) return html(200, LOGIN_PAGE)
  if (path === '/robots.txt')
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'User-agent: *\nDisallow: /\n' }
  return health(path, healthy) ?? nginxError(404, 'Not Found')
}

const hsts = (answer: SiteAnswer): SiteAnswer => ({
  ...answer,
  headers: { 'strict-transport-security': 'max-age=31536000', ...answer.headers },
})

/** What a site answers; pure, so that only the waiting is left to `respond`. */
export function siteAnswer(behaviour: Behaviour, path: string, authority: string, healthy: boolean): SiteAnswer {
  switch (behaviour) {
    case 'login':
    case 'slow':
      return hsts(carbonio(path, authority, healthy))
    case 'no-hsts':
      return carbonio(path, authority, healthy)
    case 'http-500':
      return hsts(nginxError(500, 'Internal Server Error'))
    case 'redirect-loop':
      return hsts(redirect(302, `https://${authority}${path === '/' ? LOGIN_PATH : '/'}`))
    case 'parking-page':
      return hsts(html(200, '<html><body><h1>This domain may be for sale</h1></body></html>\n'))
    case 'autoconfig':
      return path === '/mail/config-v1.1.xml'
        ? { status: 200, headers: { 'content-type': 'text/xml' }, body: AUTOCONFIG }
        : nginxError(404, 'Not Found')
    case 'mta-sts':
      return path === STS_PATH
        ? { status: 200, headers: { 'content-type': 'text/plain' }, body: STS_POLICY }
        : nginxError(404, 'Not Found')
    case 'mta-sts-moved':
      return redirect(301, `https://elsewhere.example${path}`)
    case 'refuse':
      return nginxError(400, 'Bad Request')
  }
}

/** How long a site takes beyond the network's delay. */
export const siteDelayMs = (behaviour: Behaviour, path: string) => (behaviour === 'slow' && path === LOGIN_PATH ? SLOW_MS : 0)

export function writeAnswer(response: ServerResponse, answer: SiteAnswer) {
  response.writeHead(answer.status, { server: 'nginx', ...answer.headers })
  response.end(answer.body)
}

export const pathOf = (request: IncomingMessage) => new URL(request.url ?? '/', 'http://any').pathname

/** Host name of the Host header: lower-case, no port. */
export const hostOf = (request: IncomingMessage) =>
  (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '')
