import { and, asc, eq, inArray, isNull, or } from 'drizzle-orm'
import { auditChecks, auditDomains, checkRuns, mailHosts } from '#drizzle/schema/sqlite'
import { oneOf } from '#drizzle/prepared'
import type { Context } from '#server/platform/context'
import type { CheckId } from '#shared/schemas/checks'
import type { KnownVerdicts } from '../look'
import type { Verdict } from '../collectors/contract'
import type { ReasonRow } from '../summary'
import { rank } from './rank'

/** What a card tells of every check of some domains. By way of the domain, because the key of a check begins with its tenant. */
export function readReasons({ db }: Context, domainIds: string[]): Promise<(ReasonRow & { domainId: string })[]> {
  const { domainId, checkId, status, reason, since, checkedAt, knownSince, retriedAt } = auditChecks
  return db
    .select({ domainId, checkId, status, reason, since, checkedAt, knownSince, retriedAt })
    .from(auditDomains)
    .innerJoin(auditChecks, and(eq(auditChecks.tenantId, auditDomains.tenantId), eq(auditChecks.domainId, auditDomains.id)))
    .where(oneOf(auditDomains.id, domainIds))
}

export type CheckRow = Omit<typeof auditChecks.$inferSelect, 'checkId' | 'params' | 'evidence'> & Verdict & { checkId: CheckId }

/** The verdicts of one domain. */
export async function readChecks({ db }: Context, tenantId: string, domainId: string): Promise<CheckRow[]> {
  const rows = await db
    .select()
    .from(auditChecks)
    .where(and(eq(auditChecks.tenantId, tenantId), eq(auditChecks.domainId, domainId)))
  // Only `storeVerdicts` writes this table, with verdicts of the engine.
  return rows as CheckRow[]
}

/** The verdict that is known of each check of a domain, through any number of unknowns. */
export async function readKnown({ db }: Context, of: { tenantId: string; domainId: string }): Promise<KnownVerdicts> {
  const { checkId, status, lastKnownStatus } = auditChecks
  const rows = await db
    .select({ checkId, status, lastKnownStatus })
    .from(auditChecks)
    .where(and(eq(auditChecks.tenantId, of.tenantId), eq(auditChecks.domainId, of.domainId)))
  const known = rows.map((row) => [row.checkId, row.status === 'unknown' ? row.lastKnownStatus : row.status] as const)
  return new Map(known.flatMap(([id, verdict]) => (verdict ? [[id, verdict]] : [])))
}

/** A domain of a tenant, or the worst of all when none is named (by name among equals). */
export async function readDomain({ db }: Context, tenantId: string, domain: string | undefined) {
  const [found] = await db
    .select({ domain: auditDomains, hostId: mailHosts.id, hostName: mailHosts.name })
    .from(auditDomains)
    .leftJoin(mailHosts, eq(mailHosts.id, auditDomains.mailHostId))
    .where(
      and(
        eq(auditDomains.tenantId, tenantId),
        isNull(auditDomains.deletedAt),
        domain === undefined ? undefined : eq(auditDomains.domain, domain),
      ),
    )
    .orderBy(asc(rank), asc(auditDomains.domain))
    .limit(1)
  if (!found) return null
  const mailHost = found.hostId !== null && found.hostName !== null ? { id: found.hostId, name: found.hostName } : null
  return { domain: found.domain, mailHost }
}

/** The runs under way of this domain, or of all domains of its tenant. */
export function readActiveRuns({ db }: Context, tenantId: string, domainId: string) {
  return db
    .select({ id: checkRuns.id, heartbeatAt: checkRuns.heartbeatAt })
    .from(checkRuns)
    .where(
      and(
        eq(checkRuns.tenantId, tenantId),
        inArray(checkRuns.status, ['queued', 'running']),
        or(isNull(checkRuns.domainId), eq(checkRuns.domainId, domainId)),
      ),
    )
}
