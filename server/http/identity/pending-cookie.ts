import { deleteCookie, getCookie, getQuery, type H3Event, setCookie } from 'h3'
import type { Context } from '#server/platform/context'
import type { PendingSignIn } from './handshake'

export type Pending = PendingSignIn & { next: string }

const LIFETIME_SEC = 600
const PURPOSE = 'pending-sign-in'
const PATH = '/auth/callback'

/** One cookie for each sign-in under way, so that two tabs do not spoil each other's. */
const nameOf = (state: string) => `vigia_sign_in_${state.slice(0, 8)}`

export function rememberPending(event: H3Event, ctx: Context, pending: Pending): void {
  const until = ctx.now() + LIFETIME_SEC * 1000
  setCookie(event, nameOf(pending.state), ctx.secrets.seal(PURPOSE, JSON.stringify({ ...pending, until })), {
    httpOnly: true,
    sameSite: 'lax',
    secure: ctx.config.baseUrl.startsWith('https:'),
    path: PATH,
    maxAge: LIFETIME_SEC,
  })
}

/** What this browser began under the callback's `state`, once; null when it began nothing, or too long ago. */
export function takePending(event: H3Event, ctx: Context): Pending | null {
  const { state } = getQuery(event)
  if (typeof state !== 'string' || !/^[\w-]{8,200}$/.test(state)) return null
  const sealed = getCookie(event, nameOf(state))
  if (!sealed) return null
  deleteCookie(event, nameOf(state), { path: PATH })
  try {
    const { until, ...pending } = JSON.parse(ctx.secrets.open(PURPOSE, sealed)) as Pending & { until: number }
    return pending.state === state && until > ctx.now() ? pending : null
  } catch {
    return null
  }
}
