import type { Context } from '#server/platform/context'
import type { Turn } from './write-queue'

/**
 * Runs a body in a transaction; a nested call joins the one that is open. Nothing slow belongs inside (no DNS, no HTTP): after two
 * seconds it is rolled back.
 * @throws ServiceError BACKPRESSURE when another process holds the database for five seconds
 */
export function transaction<C extends Pick<Context, 'database' | 'tx'>, T>(
  ctx: C,
  body: (ctx: C & { tx: NonNullable<Context['tx']> }) => Promise<T>,
  turn?: Turn,
): Promise<T> {
  const { tx } = ctx
  if (tx) return body({ ...ctx, tx })
  return ctx.database.write((opened) => body({ ...ctx, db: opened, tx: opened }), turn)
}
