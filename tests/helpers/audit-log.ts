import { mutate } from '#server/services/audit'
import { type Context, SYSTEM_ACTOR } from '#server/platform/context'
import { sequence } from '#server/services/audit/sequence'

/** Appends `count` events of an acting person, to the log of the partner or the platform's, and gives them their places. */
export async function writeLog(ctx: Context, count: number, partnerId: string | null = null): Promise<void> {
  await appendEvents(ctx, count, partnerId)
  await sequence(ctx)
}

export async function appendEvents(ctx: Context, count: number, partnerId: string | null = null): Promise<void> {
  const one = (n: number) =>
    mutate(ctx, 'domain.added', async () => ({
      value: undefined,
      events: [{ resource: { type: 'domain', id: `d_${n}` }, tenantId: 't_1', partnerId, data: { domain: `d${n}.example` } }],
    }))
  await Promise.all(Array.from({ length: count }, (_, n) => one(n)))
}

/** A log with all that a log may hold: two scopes, full tiles, received events, an erased person, and a tail without a place. */
export async function mixedLog(ctx: Context): Promise<void> {
  await writeLog(ctx, 300)
  await writeLog({ ...ctx, actor: { ...SYSTEM_ACTOR, ip: '192.0.2.9' } }, 20, 'p_norte')
  await writeLog({ ...ctx, actor: { ...ctx.actor, id: 'u_bruno', email: 'bruno@example.org' } }, 3)
  const origin = (n: number) => ({ source: 'authentik', externalId: `x${n}`, at: 5 })
  for (let n = 0; n < 3; n++)
    await mutate(ctx, 'tenant.created', async () => ({
      value: undefined,
      events: [{ resource: { type: 'tenant', id: 't' }, origin: origin(n) }],
    }))
  await mutate(ctx, 'privacy.erased', async () => ({
    value: undefined,
    events: [{ resource: { type: 'subject', id: 'u_bruno' }, data: { basis: 'request' } }],
  }))
  ctx.database.raw.exec(
    `delete from audit_personal where subject_id = 'u_bruno'; delete from audit_subjects where id = 'u_bruno'`,
  )
  await writeLog(ctx, 1)
  await appendEvents(ctx, 2)
}
