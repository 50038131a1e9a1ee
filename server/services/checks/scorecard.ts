import type { Context } from '#server/platform/context'
import { checkTargets } from '#server/services/tenants'
import { ServiceError } from '#shared/errors'
import { CHECK_IDS, type CheckId, type CheckResult, type CheckStatus, type Scorecard } from '#shared/schemas/checks'
import type { CheckTarget } from './collectors/contract'
import { extendedResults } from './extended/results'
import { latestChanges } from './read/changes'
import { type CheckRow, readActiveRuns, readChecks, readDomain } from './read/details'
import { readDeviations } from './read/deviations'
import { tenantBy } from './read/runs'
import { reasonFor } from './reasons'
import { renderVerdict } from './render'
import { settleForReader } from './settle-deviations'
import { isDead } from './store/runs'
import { storedForm } from './stored-form'
import { failingSince, isoOrNull, isRetried, isStale, stripOfNow } from './summary'

const HISTORY_LINES = 50

/**
 * The eight verdicts of one domain, told in words. Without `domain` it is the tenant's worst one (its only one, mostly).
 * @throws ServiceError NOT_FOUND when the caller sees no such tenant or domain
 */
export async function scorecard(ctx: Context, input: { idOrSlug: string; domain?: string }): Promise<Scorecard> {
  await settleForReader(ctx)
  const tenant = await tenantBy(ctx, input.idOrSlug)
  if (!tenant) throw new ServiceError('NOT_FOUND', 'There is no such tenant')
  const found = await readDomain(ctx, tenant.id, input.domain === undefined ? undefined : storedForm(input.domain))
  if (!found) throw new ServiceError('NOT_FOUND', input.domain ? 'The tenant has no such domain' : 'The tenant has no domain yet')
  const { domain, mailHost } = found
  const rows = await readChecks(ctx, tenant.id, domain.id)
  const target = (await checkTargets(ctx, [domain.id])).get(domain.id)
  const runs = await readActiveRuns(ctx, tenant.id, domain.id)
  const deviations = await readDeviations(ctx, { tenantId: tenant.id, domainId: domain.id })
  const accepted = (row: CheckRow) => deviations.find(({ checkId }) => checkId === row.checkId) ?? null
  return {
    tenant: { id: tenant.id, slug: tenant.slug, name: tenant.name },
    ...{ domain: domain.domain, domainId: domain.id, mailHost },
    ...{ score: domain.score, max: domain.max, status: domain.status },
    since: isoOrNull(domain.statusSince),
    failingSince: isoOrNull(failingSince(rows, domain.cells)),
    lastAuditAt: isoOrNull(domain.lastAuditAt),
    nextDueAt: new Date(domain.nextDueAt).toISOString(),
    activeRunId: runs.find((run) => !isDead(run, ctx.now()))?.id ?? null,
    checks: CHECK_IDS.flatMap((id) => rows.filter((row) => row.checkId === id)).map((row) => ({
      ...told(row, target),
      ...{ stale: isStale(row, ctx), deviation: accepted(row) },
    })),
    extended: await extendedResults(ctx, { tenantId: tenant.id, domainId: domain.id }, { target, deviations }),
    day: stripOfNow(domain, 'hours', ctx.now()),
    month: stripOfNow(domain, 'days', ctx.now()),
    history: (await latestChanges(ctx.db, domain.id, HISTORY_LINES)).map((change) => ({
      at: new Date(change.at).toISOString(),
      checkId: change.checkId as CheckId,
      from: change.fromStatus as CheckStatus | null,
      to: change.toStatus as CheckStatus,
      reason: change.reason,
      message: reasonFor(change.checkId as CheckId, change.reason).message(change.params as CheckRow['params']),
    })),
  }
}

function told(row: CheckRow, target: CheckTarget | undefined): Omit<CheckResult, 'stale' | 'deviation'> {
  const { checkId, status, reason, params, evidence, latencyMs } = row
  const words = target ? renderVerdict(checkId, { status, reason, params, evidence }, target) : wordsAlone(row)
  const { lastKnownStatus, lastKnownReason, lastKnownAt } = row
  const known = lastKnownStatus !== null && lastKnownReason !== null && lastKnownAt !== null
  return {
    ...{ checkId, status, reason, ...words, evidence, latencyMs },
    checkedAt: new Date(row.checkedAt).toISOString(),
    since: new Date(row.since).toISOString(),
    lastKnown: known
      ? { status: lastKnownStatus, reason: lastKnownReason, checkedAt: new Date(lastKnownAt).toISOString() }
      : null,
    knownSince: isoOrNull(row.knownSince ?? (status === 'unknown' ? null : row.since)),
    ...{ retried: isRetried(row), retriedAt: isoOrNull(row.retriedAt) },
  }
}

/** For a domain that was removed between two reads: nothing to mend any more. */
function wordsAlone({ checkId, reason, params }: CheckRow): Pick<CheckResult, 'message' | 'rule' | 'fix'> {
  const { message, rule } = reasonFor(checkId, reason)
  return { message: message(params), rule, fix: null }
}
