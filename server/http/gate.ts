import { type H3Event, sendRedirect, setResponseHeader } from 'h3'
import type { RenderContext } from 'nitropack/types'
import { ServiceError } from '#shared/errors'
import { requestIdOf, worldOf } from './caller'
import { answerProblem, problemOf } from './errors'
import { operatorOf } from './operator'
import { isOwnHost, isOwnRequest } from './same-origin'

/** Served without a session: the shell's own files, and what checks its caller by itself. */
const PUBLIC = /^\/(_nuxt|application\/o|api|ingest)\/|^\/(_health|no-access|favicon\.(ico|svg)|robots\.txt)$/
const SIGN_IN = /^(GET \/auth\/(login|callback|signed-out)|POST \/auth\/logout)$/
/** Under these the sign-in module may have routes of its own; nobody reaches more of them than the reading of the session. */
const MODULE = /^\/(auth|api\/_auth)(\/|$)/
const SESSION = 'GET /api/_auth/session'

/**
 * What every request passes before its route: the right host, its own origin for a change, and a session for a page.
 * @returns an answer when the request ends here
 */
export async function passGate(event: H3Event): Promise<unknown> {
  const { method, path } = event
  const { baseUrl } = worldOf(event).config
  const { headers } = event.node.req
  const pathname = path.split('?')[0]!
  if (!isOwnHost(headers.host, baseUrl)) return refuse(event, new ServiceError('MISDIRECTED', `The portal answers at ${baseUrl}`))
  if (!isOwnRequest(method, headers, baseUrl))
    return refuse(event, new ServiceError('CROSS_ORIGIN', 'A change must come from the portal’s own pages'))
  const route = `${method} ${pathname}`
  if (SIGN_IN.test(route) || route === SESSION) return undefined
  if (MODULE.test(pathname)) return refuse(event, new ServiceError('NOT_FOUND', 'There is nothing here'))
  if (PUBLIC.test(pathname) || (import.meta.dev && pathname.startsWith('/__'))) return undefined
  if (method !== 'GET' && method !== 'HEAD') return refuse(event, new ServiceError('METHOD_NOT_ALLOWED', 'Pages are only read'))
  return passPage(event)
}

/**
 * The page shell is for pages: what else comes as far as the renderer, past the gate, is a method that its route does not know, or an
 * address where nothing is.
 */
export function refuseShell(render: Pick<RenderContext, 'event' | 'response'>): void {
  const { event } = render
  const pathname = event.path.split('?')[0]!
  if (!PUBLIC.test(pathname) || pathname === '/no-access') return
  const error =
    event.method === 'GET'
      ? new ServiceError('NOT_FOUND', 'There is nothing here')
      : new ServiceError('METHOD_NOT_ALLOWED', 'That cannot be done here')
  render.response = { body: JSON.stringify(refuse(event, error)) }
}

async function passPage(event: H3Event): Promise<unknown> {
  setResponseHeader(event, 'cache-control', 'no-store')
  try {
    if (await operatorOf(event, worldOf(event))) return undefined
    return sendRedirect(event, `/auth/login?next=${encodeURIComponent(event.path)}`)
  } catch (error) {
    if (error instanceof ServiceError && error.token === 'FORBIDDEN') return sendRedirect(event, '/no-access')
    return refuse(event, error)
  }
}

function refuse(event: H3Event, error: unknown) {
  const problem = problemOf(error, requestIdOf(event))
  if (problem.status >= 500) worldOf(event).log.error('A request failed', { requestId: problem.requestId, token: problem.token })
  return answerProblem(event, problem)
}
