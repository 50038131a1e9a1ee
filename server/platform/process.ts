import { ServiceError } from '#shared/errors'
import type { Context } from './context'

/** Scheduled tasks get no request, so the boot plugin leaves the process's world here. */
let world: Context | null = null

export function holdWorld(ctx: Context | null): void {
  world = ctx
}

/** @throws ServiceError STORAGE_UNAVAILABLE before the start or after the close of the process */
export function processWorld(): Context {
  if (!world) throw new ServiceError('STORAGE_UNAVAILABLE', 'The portal is not ready', { retryAfterMs: 1_000 })
  return world
}

/**
 * State that belongs to one process and one database, made when first asked for: the cycle's look cache, the live hub. Tests open
 * several databases, and several processes' worth of state on one: hence by `Database`, not by module.
 */
export function perDatabase<T>(make: (ctx: Context) => T): (ctx: Context) => T {
  const held = new WeakMap<Context['database'], T>()
  return (ctx) => {
    const known = held.get(ctx.database)
    if (known !== undefined) return known
    const made = make(ctx)
    held.set(ctx.database, made)
    return made
  }
}
