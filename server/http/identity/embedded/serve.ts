import { fromNodeMiddleware, type H3Event, setResponseHeader } from 'h3'
import type Provider from 'oidc-provider'
import type { Context } from '#server/platform/context'
import type { AttemptLimits } from '#server/services/access'
import { SUBMIT_SCRIPT, SUBMIT_SCRIPT_PATH } from '../pages'
import { APPLICATION_PATH, SIGN_IN_PATH } from './provider'
import { signInForm } from './sign-in-form'

export interface EmbeddedProvider {
  provider: Provider
  limits: AttemptLimits
}

const DISCOVERY = '.well-known/openid-configuration'

/** Everything under `/application/o/`: our sign-in form, else the provider. */
export async function serveEmbedded(event: H3Event, ctx: Context, embedded: EmbeddedProvider): Promise<unknown> {
  const { req } = event.node
  trustOnlyBaseUrl(req.headers, ctx.config.baseUrl)
  if (event.path === SUBMIT_SCRIPT_PATH) {
    setResponseHeader(event, 'content-type', 'text/javascript; charset=utf-8')
    return SUBMIT_SCRIPT
  }
  if (event.path.startsWith(SIGN_IN_PATH)) return signInForm(event, ctx, embedded)
  // The provider knows its discovery document at the root only; `originalUrl` too, else it takes the rest for a mount point.
  if (event.path.split('?')[0] === `${APPLICATION_PATH}${DISCOVERY}`) req.url = req.originalUrl = `/${DISCOVERY}`
  return fromNodeMiddleware(embedded.provider.callback())(event)
}

/** The provider makes its addresses from these headers, so they say what is configured, whatever was sent. */
function trustOnlyBaseUrl(headers: Record<string, string | string[] | undefined>, baseUrl: string): void {
  const { protocol, host } = new URL(baseUrl)
  headers['x-forwarded-proto'] = protocol.slice(0, -1)
  headers['x-forwarded-host'] = host
  delete headers['x-forwarded-for']
}

declare module 'http' {
  interface IncomingMessage {
    originalUrl?: string
  }
}
