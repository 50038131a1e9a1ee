import { type H3Event, setResponseHeader } from 'h3'
import type Provider from 'oidc-provider'
import type { Context } from '#server/platform/context'
import { type AttemptLimits, verifyPassword } from '#server/services/access'
import { ERROR_STATUS, ServiceError } from '#shared/errors'
import { readBodyText } from '../../read-body'
import { errorPage, signInPage } from '../pages'
import { SIGN_IN_PATH } from './provider'

const FORM_LIMIT_BYTES = 4_096

/** The embedded provider's sign-in page and what it posts. Undefined once the provider has answered itself. */
export async function signInForm(
  event: H3Event,
  ctx: Context,
  { provider, limits }: { provider: Provider; limits: AttemptLimits },
): Promise<string | undefined> {
  const { req, res } = event.node
  setResponseHeader(event, 'content-type', 'text/html; charset=utf-8')
  setResponseHeader(event, 'cache-control', 'no-store')
  const uid = event.path.split('?')[0]!.slice(SIGN_IN_PATH.length)
  const interaction = await provider.interactionDetails(req, res).catch(() => null)
  if (interaction?.uid !== uid || interaction.prompt.name !== 'login') {
    res.statusCode = 400
    return errorPage('This sign-in has expired', 'It was used already, took too long, or was begun in another browser.')
  }
  if (event.method !== 'POST') return signInPage(event.path)
  const typed = await readForm(event)
  try {
    const account = await verifyPassword(ctx, limits, typed)
    if (account) return void (await provider.interactionFinished(req, res, { login: { accountId: account.id } }))
    res.statusCode = ERROR_STATUS.UNAUTHENTICATED
    return signInPage(event.path, { username: typed.username, error: 'This username and password do not match.' })
  } catch (error) {
    if (!(error instanceof ServiceError) || error.token !== 'RATE_LIMIT') throw error
    res.statusCode = ERROR_STATUS.RATE_LIMIT
    const minutes = Math.max(1, Math.ceil((error.retryAfterMs ?? 0) / 60_000))
    setResponseHeader(event, 'retry-after', minutes * 60)
    return signInPage(event.path, { username: typed.username, error: `Too many attempts. Try again in ${minutes} min.` })
  }
}

async function readForm(event: H3Event): Promise<{ username: string; password: string }> {
  // What is too long is no name and password of ours.
  const form = new URLSearchParams(await readBodyText(event, FORM_LIMIT_BYTES).catch(() => ''))
  return { username: form.get('username') ?? '', password: form.get('password') ?? '' }
}
