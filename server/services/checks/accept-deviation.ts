import type { Context } from '#server/platform/context'
import { mutate } from '#server/services/audit'
import { ServiceError } from '#shared/errors'
import { type Deviation, type DeviationInput, MAX_DEVIATION_DAYS } from '#shared/schemas/deviations'
import { ExtendedId } from '#shared/schemas/extended'
import { knownVerdict, type StandingVerdict } from './deviation'
import { readExtended } from './extended/read'
import { readChecks, readDomain } from './read/details'
import { readDeviations } from './read/deviations'
import { tenantBy } from './read/runs'
import { endDeviation, insertDeviation, openDeviations } from './store/deviations'
import { rescore } from './store/summary'
import { storedForm } from './stored-form'

type Inside = Context & { tx: NonNullable<Context['tx']> }

/**
 * Accepts what a check of a domain warns of or fails for: it leaves the score until a moment, or until the check gives another reason.
 * One that holds already must be named as the one to replace.
 * @throws ServiceError NOT_FOUND, VALIDATION (`until`), CONFLICT when the check says something else by now or somebody accepted it before
 */
export async function acceptDeviation(ctx: Context, idOrSlug: string, input: DeviationInput): Promise<Deviation> {
  const until = Date.parse(input.until)
  refuseMoment(until, ctx.now())
  return mutate(ctx, 'deviation.accepted', async (inside) => {
    const { tenant, domain } = await domainOf(inside, idOrSlug, input.domain)
    const verdict = await acceptable(inside, domain, input)
    await endReplaced(inside, domain.id, input)
    const [id, now] = [ctx.newId('dev'), ctx.now()]
    await insertDeviation(inside.tx, {
      ...{ id, tenantId: tenant.id, domainId: domain.id, checkId: input.checkId, ...verdict, reason: input.reason },
      ...{ acceptedBy: ctx.actor.id, acceptedAt: now, until, endedAt: null },
    })
    await rescore(inside, domain.id)
    const data = { deviationId: id, domain: domain.domain, checkId: input.checkId, ...verdict, until: input.until }
    const event = {
      ...{ resource: { type: 'domain', id: domain.id }, tenantId: tenant.id, partnerId: tenant.partnerId },
      data: { ...data, replaces: input.replaces },
    }
    const [made] = await readDeviations(inside, { tenantId: tenant.id, id })
    return { value: made!, events: [event] }
  })
}

function refuseMoment(until: number, now: number): void {
  const message =
    until <= now
      ? 'a moment to come'
      : until > now + MAX_DEVIATION_DAYS * 86_400_000
        ? `at most ${MAX_DEVIATION_DAYS} days ahead`
        : null
  if (message) throw new ServiceError('VALIDATION', 'The input is not as it should be', { issues: [{ path: 'until', message }] })
}

/** @throws ServiceError NOT_FOUND when the caller sees no such tenant or domain */
export async function domainOf(inside: Context, idOrSlug: string, name: string | undefined) {
  const tenant = await tenantBy(inside, idOrSlug)
  if (!tenant) throw new ServiceError('NOT_FOUND', 'There is no such tenant')
  const found = await readDomain(inside, tenant.id, name === undefined ? undefined : storedForm(name))
  if (!found) throw new ServiceError('NOT_FOUND', name ? 'The tenant has no such domain' : 'The tenant has no domain yet')
  return { tenant, ...found }
}

/** The verdict that is accepted: the one that was shown, and still stands. */
async function acceptable(
  inside: Inside,
  domain: { id: string; tenantId: string },
  { checkId, code }: DeviationInput,
): Promise<{ status: 'warn' | 'fail'; code: string }> {
  const row = await standing(inside, { tenantId: domain.tenantId, domainId: domain.id }, checkId)
  const known = row ? knownVerdict(row) : null
  if (known?.reason === code && (known.status === 'warn' || known.status === 'fail')) return { status: known.status, code }
  const details = known ? { current: { status: known.status, code: known.reason } } : {}
  throw new ServiceError('CONFLICT', 'The check does not say this any more', { details })
}

/** What a check says, of the eight or beyond; undefined before its first look. */
async function standing(
  inside: Inside,
  of: { tenantId: string; domainId: string },
  checkId: string,
): Promise<StandingVerdict | undefined> {
  const { data: extendedId } = ExtendedId.safeParse(checkId)
  if (extendedId) return (await readExtended(inside, of, [extendedId]))[0]
  return (await readChecks(inside, of.tenantId, of.domainId)).find((check) => check.checkId === checkId)
}

async function endReplaced(inside: Inside, domainId: string, { checkId, replaces }: DeviationInput): Promise<void> {
  const open = (await openDeviations(inside.tx, domainId)).find((one) => one.checkId === checkId)
  const isOver = open !== undefined && open.until <= inside.now()
  if ((open && !isOver ? open.id : undefined) !== replaces) {
    const [current] = open ? await readDeviations(inside, { tenantId: open.tenantId, id: open.id }) : []
    throw new ServiceError('CONFLICT', open ? 'Somebody accepted this already' : 'What was to be replaced has ended', {
      details: current ? { current } : {},
    })
  }
  if (open) await endDeviation(inside.tx, open.id, inside.now())
}
