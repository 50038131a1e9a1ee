import { type H3Event, getQuery, getRequestURL, sendRedirect, setResponseHeader } from 'h3'
import type { Context } from '#server/platform/context'
import { refuseSignIn, type Refusal, signIn } from '#server/services/access'
import { ServiceError } from '#shared/errors'
import { anonymousContext } from '../caller'
import { answerProblem, problemOf } from '../errors'
import { openSession } from '../operator'
import { safeNext } from '../safe-next'
import { HandshakeError } from './handshake-error'
import { identityOf } from './index'
import { errorPage, type Link } from './pages'
import { rememberPending, takePending } from './pending-cookie'

/** `GET /auth/login?next=/path`: off to the provider. `again` makes it ask for the password though it knows the person. */
export async function beginSignIn(event: H3Event): Promise<unknown> {
  return orPage(event, async (ctx) => {
    const { next, again } = getQuery(event)
    const { embedded, handshake } = identityOf(ctx)
    // Its first key takes a while to make: that must not count as a provider that does not answer.
    await embedded?.()
    const { url, pending } = await handshake.begin({ again: again !== undefined })
    rememberPending(event, ctx, { ...pending, next: safeNext(next, ctx.config.baseUrl) })
    return sendRedirect(event, url)
  })
}

/** `GET /auth/callback`: back from the provider. Ends in a new session, or in a page that says why not. */
export async function finishSignIn(event: H3Event): Promise<unknown> {
  return orPage(event, async (ctx) => {
    const pending = takePending(event, ctx)
    if (!pending) throw new HandshakeError('state')
    const callback = new URL(getRequestURL(event).search, `${ctx.config.baseUrl}/auth/callback`)
    const signedIn = await identityOf(ctx).handshake.finish(callback, pending)
    try {
      await openSession(event, ctx, signedIn, await signIn(ctx, signedIn.identity))
    } catch (error) {
      if (error instanceof ServiceError && error.token === 'FORBIDDEN') return sendRedirect(event, '/no-access')
      throw error
    }
    return sendRedirect(event, pending.next)
  })
}

const WORDS: Record<Exclude<Refusal, 'unavailable'>, string> = {
  state: 'It was used already, took longer than ten minutes, or was begun in another browser.',
  code: 'The code from the identity provider was used already or has expired.',
  denied: 'The identity provider did not let you in.',
  expired: 'The token has expired. Check the clocks of this host and of the identity provider.',
  nonce: 'The token belongs to another sign-in.',
  issuer: 'The token comes from another issuer than the one that is configured.',
  audience: 'The token was made for another application.',
  signature: 'The token is not signed with a key of the identity provider.',
  subject: 'The identity provider named two different people.',
  invalid: 'The answer of the identity provider is not as it should be.',
  group: 'This account is not an operator.',
  inactive: 'This account is switched off.',
}

/** Runs a step of the sign-in; a failure becomes an event and a page, never a token or a stack. */
async function orPage(event: H3Event, step: (ctx: Context) => Promise<unknown>): Promise<unknown> {
  setResponseHeader(event, 'cache-control', 'no-store')
  const ctx = anonymousContext(event)
  try {
    await identityOf(ctx).limit(ctx)
    return await step(ctx)
  } catch (error) {
    if (!(error instanceof HandshakeError)) return failurePage(event, ctx, error)
    if (error.reason === 'unavailable') return unavailablePage(event, ctx)
    await refuseSignIn(ctx, error.reason)
    return page(event, new ServiceError('BAD_REQUEST', WORDS[error.reason]), 'You are not signed in')
  }
}

async function unavailablePage(event: H3Event, ctx: Context): Promise<string> {
  ctx.log.warn('The identity provider does not answer', { component: 'access', requestId: ctx.requestId })
  await refuseSignIn(ctx, 'unavailable')
  const text = 'Nobody can sign in until it does. Sessions that are open go on for 15 minutes.'
  const error = new ServiceError('UPSTREAM_UNAVAILABLE', text, { retryAfterMs: 10_000 })
  const html = page(event, error, 'The identity provider does not answer', { href: '/auth/login', text: 'Try again' })
  event.node.res.statusCode = 503
  return html
}

function failurePage(event: H3Event, ctx: Context, error: unknown): string {
  const problem = problemOf(error, ctx.requestId)
  const cause = error instanceof Error ? error.name : typeof error
  if (problem.status >= 500)
    ctx.log.error('A sign-in failed', { component: 'access', requestId: ctx.requestId, token: problem.token, cause })
  return page(event, error, 'You are not signed in')
}

function page(event: H3Event, error: unknown, title: string, link?: Link): string {
  const problem = answerProblem(event, problemOf(error, event.context.requestId ?? ''))
  setResponseHeader(event, 'content-type', 'text/html; charset=utf-8')
  setResponseHeader(event, 'x-error-token', problem.token)
  return errorPage(title, problem.title, link, problem.requestId)
}
