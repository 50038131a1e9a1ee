import { and, asc, eq, inArray, isNull, or } from 'drizzle-orm'
import { auditChecks, auditDomains, checkRuns, mailHosts } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import type { CheckId } from '#shared/schemas/checks'
import type { Verdict } from '../collectors/contract'
import type { ReasonRow } from '../summary'
import { rank } from './rank'

/** Status and reason of every check of some domains. By way of the domain, because the key of a check begins with its tenant. */
export function readReasons({ db }: Context, domainIds: string[]): Promise<(ReasonRow & { domainId: string })[]> {
  const { domainId, checkId, status, reason } = auditChecks
  return db
    .select({ domainId, checkId, status, reason })
    .from(auditDomains)
    .innerJoin(auditChecks, and(eq(auditChecks.tenantId, auditDomains.tenantId), eq(auditChecks.domainId, auditDomains.id)))
    .where(inArray(auditDomains.id, domainIds))
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
