import { createHash, timingSafeEqual } from 'node:crypto'
import type { H3Event } from 'h3'
import { ServiceError } from '#shared/errors'
import { type Actor, actingAs, type Context } from '#server/platform/context'
import { ulid } from '#server/platform/ids'
import { clientIp } from './client-ip'
import { operatorOf } from './operator'

/** One id for each request, in the answer, the log and the events. */
export function requestIdOf(event: H3Event): string {
  return (event.context.requestId ??= ulid(Date.now()))
}

/** The process's own world, put on each request by the boot plugin. */
export function worldOf(event: H3Event): Context {
  const world = event.context.world
  if (!world) throw new ServiceError('STORAGE_UNAVAILABLE', 'The portal is not ready', { retryAfterMs: 1_000 })
  return world
}

/**
 * The world as the caller may see it: a bearer, else the signed-in operator.
 * @throws ServiceError UNAUTHENTICATED when there is neither, FORBIDDEN when the user is no longer active
 */
export async function callerContext(event: H3Event, anyone: boolean): Promise<Context> {
  const world = worldOf(event)
  const actor = bearerActor(event, world) ?? (anyone ? null : await operatorOf(event, world))
  if (actor) return actingAs(world, { ...actor, ...originOf(event, world) }, 'all', requestIdOf(event))
  if (!anyone) throw new ServiceError('UNAUTHENTICATED', 'Sign in first')
  return anonymousContext(event)
}

/** The world for whoever is not known, or not yet. */
export function anonymousContext(event: H3Event): Context {
  const world = worldOf(event)
  const nobody = { type: 'service', id: 'anonymous', role: 'member', ...originOf(event, world) } as const
  return actingAs(world, nobody, [], requestIdOf(event))
}

function originOf(event: H3Event, world: Context): Pick<Actor, 'ip' | 'userAgent'> {
  const { socket, headers } = event.node.req
  return {
    ip: clientIp(socket.remoteAddress, headers['x-forwarded-for'], world.config.trustedProxies),
    userAgent: headers['user-agent']?.slice(0, 400),
  }
}

function bearerActor(event: H3Event, world: Context): Actor | null {
  const given = /^Bearer (.+)$/i.exec(event.node.req.headers.authorization ?? '')?.[1]
  if (given === undefined) return null
  if (world.config.bootstrapToken === null || !equal(given, world.config.bootstrapToken))
    throw new ServiceError('UNAUTHENTICATED', 'The bearer token is not accepted')
  return { type: 'service', id: 'bootstrap', role: 'master' }
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

declare module 'h3' {
  interface H3EventContext {
    world?: Context
    requestId?: string
    /** Who calls, once it is known. */
    caller?: Context
  }
}
