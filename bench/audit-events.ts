import type { Context } from '#server/platform/context'
import { mutate, type Mutation, Sequencer } from '#server/services/audit'

type AuditEvent = Mutation<void>['events'][number]

interface Wanted {
  count: number
  /** The number of the first one: other numbers are other events. */
  first?: number
  /** Waits between two deliveries, where a rate is asked for. */
  pause?(): Promise<unknown>
}

/** Events as a host of a few thousand people has them: always the same ones. Seven of ten come from other systems. */
function* auditEvents({ count, first = 0 }: Wanted): Generator<AuditEvent, undefined> {
  let seed = 20_261_120
  const below = (limit: number) => (seed = (seed * 48_271) % 2_147_483_647) % limit
  const start = Date.UTC(2026, 0, 1)
  for (let n = first; n < first + count; n++) {
    const [person, tenant, partner] = [below(3_000), below(400), below(12)]
    const received = below(10) < 7
    yield {
      action: received ? 'user.signed_in' : 'domain.updated',
      resource: { type: 'user', id: `u_${person}` },
      tenantId: `t_${tenant}`,
      // Half of the tenants have no partner: their events stand in the platform's log.
      partnerId: tenant % 2 ? `p_${partner}` : null,
      outcome: below(20) === 0 ? 'failure' : 'success',
      data: received
        ? { provider: 'authentik' }
        : { domain: `d${tenant}.example`, 'webmailHost.after': `mail${below(50)}.example` },
      actor: {
        ...{ type: 'user', id: `u_${person}`, role: 'member', name: `Person ${person}`, email: `person${person}@example.org` },
        ...{
          ip: `198.51.100.${below(255)}`,
          userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
        },
      },
      ...(received && { origin: { source: 'authentik', externalId: `${seed.toString(16)}-${n}`, at: start + n * 300 } }),
    }
  }
  return undefined
}

/** Events of one transaction, as a source delivers them, and deliveries under way. */
const [BATCH, WIDTH] = [50, 4]

/** Appends generated events, and places them. */
export async function appendEvents(ctx: Context, wanted: Wanted): Promise<void> {
  const events = auditEvents(wanted)
  const take = () => Array.from({ length: BATCH }, () => events.next().value).filter((event) => event !== undefined)
  const sequencer = new Sequencer(ctx)
  const deliver = async () => {
    for (let batch = take(); batch.length > 0; batch = take()) {
      const delivered = batch
      await mutate(ctx, 'domain.updated', async () => ({ value: undefined, events: delivered }))
      await wanted.pause?.()
    }
  }
  await Promise.all(Array.from({ length: WIDTH }, deliver))
  const left = ctx.database.raw.prepare('select 1 from audit_unsequenced limit 1')
  while (left.get()) await new Promise((done) => setTimeout(done, 5))
  await sequencer.stop()
}
