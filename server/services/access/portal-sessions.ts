import type { Context } from '#server/platform/context'
import { transaction } from '#drizzle/transaction'
import { deleteSession, putSession, sessionValue } from './store'

const PURPOSE = 'portal-session'

/** The server's half of each session, sealed: without it a cookie is worth nothing, so that signing out really ends it. */
export interface PortalSessions {
  read(id: string): Promise<string | null>
  write(id: string, value: string): Promise<void>
  remove(id: string): Promise<void>
}

/** `lifetimeMs` is counted from each write; what the value says of its own end is the caller's business. */
export function portalSessions(ctx: Context, lifetimeMs: number): PortalSessions {
  return {
    async read(id) {
      const box = await sessionValue(ctx.db, id, ctx.now())
      return box === undefined ? null : ctx.secrets.open(PURPOSE, box)
    },
    async write(id, value) {
      const row = { key: id, value: ctx.secrets.seal(PURPOSE, value), expiresAt: ctx.now() + lifetimeMs }
      await transaction(ctx, (inside) => putSession(inside.tx, row, ctx.now()))
    },
    remove: (id) => transaction(ctx, (inside) => deleteSession(inside.tx, id)),
  }
}
