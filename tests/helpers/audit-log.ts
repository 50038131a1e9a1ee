import { mutate } from '#server/services/audit'
import type { Context } from '#server/platform/context'
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
