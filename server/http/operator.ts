import { type H3Event, parseCookies, setCookie } from 'h3'
import { useStorage } from 'nitropack/runtime'
// The one file that touches the sign-in module. Its own login, callback and refresh are not used: `identity/` makes the handshake.
import {
  clearUserSession,
  getUserSession,
  getUserSessionId,
  sessionHooks,
  setUserSession,
} from 'nuxt-oidc-auth/runtime/server/utils/session.js'
import type { Actor, Context } from '#server/platform/context'
import { activeUser, portalSessions } from '#server/services/access'
import { ServiceError } from '#shared/errors'
import type { User } from '#shared/schemas/access'
import { identityOf } from './identity'
import type { SignedIn } from './identity/handshake'
import { keepFresh, newSession, type PortalSession, SESSION_MS } from './identity/keep-session'
import { sessionDriver } from './session-driver'

/**
 * The signed-in operator, asked on every request: the session must stand, its groups must hold the operator group, and the stored
 * user must be active.
 * @returns null without a session
 * @throws ServiceError FORBIDDEN when there is a session but no longer a right to it
 */
export function operatorOf(event: H3Event, world: Context): Promise<Actor | null> {
  return (event.context.operator ??= findOperator(event, world))
}

async function findOperator(event: H3Event, world: Context): Promise<Actor | null> {
  const id = await sessionIdOf(event, world)
  const session = id === null ? null : await freshSession(world, id)
  if (!session) return null
  const user = session.groups.includes(world.config.operatorGroup) ? await activeUser(world, session.userId) : null
  if (!user) throw new ServiceError('FORBIDDEN', 'Your account may no longer use the portal')
  const { name, email } = user
  return { type: 'user', id: user.id, role: user.role, ...(name !== null && { name }), ...(email !== null && { email }) }
}

/** Begins a session under a new id; whatever session the browser had is over. */
export async function openSession(event: H3Event, world: Context, signedIn: SignedIn, user: User): Promise<void> {
  const old = await sessionIdOf(event, world)
  if (old !== null) await storedSessions(world).remove(old)
  forgetCookie(event, world)
  const now = world.now()
  const session = newSession(user.id, signedIn, now)
  await setUserSession(event, {
    provider: 'oidc',
    canRefresh: false,
    loggedInAt: Math.trunc(now / 1000),
    expireAt: Math.trunc(session.endsAt / 1000),
    userName: user.name ?? user.email ?? '',
  })
  await storedSessions(world).write(await getUserSessionId(event), JSON.stringify(session))
}

/** Ends the session. Returns what stood in it, for the sign-out at the other end; null when there was none. */
export async function closeSession(event: H3Event, world: Context): Promise<PortalSession | null> {
  const id = await sessionIdOf(event, world)
  const session = id === null ? null : await storedSession(world, id)
  if (id !== null) await clearUserSession(event)
  // The module deletes its cookie without the attributes that browsers ask for under a `__Host-` name.
  setCookie(event, cookieName(world), '', { ...cookieAttributes(world), maxAge: 0 })
  return session
}

/** Sets the module up from the world: its secret, its cookie, its storage. Called once, by the boot. */
export function installSessions(world: Context): void {
  process.env.NUXT_OIDC_SESSION_SECRET = world.secrets.derive('session-cookie')
  process.env.NUXT_OIDC_SESSION_COOKIE_NAME = cookieName(world)
  process.env.NUXT_OIDC_SESSION_COOKIE_SECURE = String(cookieAttributes(world).secure)
  useStorage().mount('oidc', sessionDriver(storedSessions(world)))
  // The module's own `GET /api/_auth/session` answers `{}` when this throws.
  sessionHooks.hook('fetch', async (_, event) => {
    if (!(await operatorOf(event, world))) throw new ServiceError('UNAUTHENTICATED', 'Sign in first')
  })
}

const storedSessions = (world: Context) => portalSessions(world, SESSION_MS)

function cookieAttributes(world: Context) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: world.config.baseUrl.startsWith('https:') } as const
}

const cookieName = (world: Context) => (cookieAttributes(world).secure ? '__Host-vigia' : 'vigia')

/** Null without a cookie that we sealed. Asked first for the cookie, since the module gives everybody one who asks it. */
async function sessionIdOf(event: H3Event, world: Context): Promise<string | null> {
  if (!parseCookies(event)[cookieName(world)]) return null
  const session: unknown = await getUserSession(event).catch(() => null)
  return session ? getUserSessionId(event) : null
}

async function storedSession(world: Context, id: string): Promise<PortalSession | null> {
  const text = await storedSessions(world).read(id)
  return text === null ? null : (JSON.parse(text) as PortalSession)
}

const refreshing = new Map<string, Promise<PortalSession | null>>()

/** Requests that come together share one look at the provider. */
async function freshSession(world: Context, id: string): Promise<PortalSession | null> {
  const session = await storedSession(world, id)
  if (!session) return null
  const running = refreshing.get(id)
  if (running) return running
  const work = keepStored(world, id, session).finally(() => refreshing.delete(id))
  refreshing.set(id, work)
  return work
}

async function keepStored(world: Context, id: string, session: PortalSession): Promise<PortalSession | null> {
  const kept = await keepFresh(session, identityOf(world).handshake, world.now())
  if (kept === session) return session
  // Signed out meanwhile: nothing may bring the session back. Refreshed meanwhile by another process: that one's result holds.
  const current = await storedSession(world, id)
  if (!current || current.checkAt !== session.checkAt) return current
  if (kept) await storedSessions(world).write(id, JSON.stringify(kept))
  else await storedSessions(world).remove(id)
  return kept
}

/** Makes the module begin anew: it would go on with the id of the cookie that came with the request. */
function forgetCookie(event: H3Event, world: Context): void {
  const name = cookieName(world)
  const { headers } = event.node.req
  headers.cookie = headers.cookie
    ?.split(';')
    .filter((pair) => pair.split('=')[0]!.trim() !== name)
    .join(';')
  delete event.context.sessions?.[name]
}

declare module 'h3' {
  interface H3EventContext {
    operator?: Promise<Actor | null>
  }
}
