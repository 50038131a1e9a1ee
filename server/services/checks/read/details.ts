import { and, asc, count, eq, inArray, isNull, like, min, or, sql } from 'drizzle-orm'
import { auditChecks, auditDomains, checkRuns, mailHosts } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import type { CheckId } from '#shared/schemas/checks'
import type { Verdict } from '../collectors/contract'
import type { ReasonRow } from '../summary'
import { rank } from './rank'

/** From this many domains on a shared fault is told as one incident. */
const INCIDENT_DOMAINS = 3
const MAX_INCIDENTS = 20

/** Status and reason of every check of some domains. */
export function readReasons(
  { db }: Context,
  domains: { id: string; tenant: { id: string } }[],
): Promise<(ReasonRow & { domainId: string })[]> {
  const { domainId, checkId, status, reason, tenantId } = auditChecks
  // The tenant is named because the key begins with it.
  const tenantIds = [...new Set(domains.map((domain) => domain.tenant.id))]
  return db
    .select({ domainId, checkId, status, reason })
    .from(auditChecks)
    .where(
      and(
        inArray(tenantId, tenantIds),
        inArray(
          domainId,
          domains.map((domain) => domain.id),
        ),
      ),
    )
}

export interface SharedFault {
  mailHost: { id: string; name: string }
  checkId: CheckId
  reason: string
  domains: number
  since: number
  /** One of the domains that it hits. */
  example: { tenantId: string; domainId: string }
}

/** Faults that three domains of one mail host or more have in common, most domains first. */
export async function readSharedFaults({ db, scope }: Context): Promise<SharedFault[]> {
  const seen = scope === 'all' ? undefined : inArray(auditDomains.tenantId, [...scope])
  const rows = await db
    .select({
      hostId: mailHosts.id,
      hostName: mailHosts.name,
      checkId: auditChecks.checkId,
      reason: auditChecks.reason,
      domains: count(),
      since: min(auditChecks.since),
      example: min(sql<string>`${auditDomains.tenantId} || ' ' || ${auditDomains.id}`),
    })
    .from(auditDomains)
    .innerJoin(mailHosts, eq(mailHosts.id, auditDomains.mailHostId))
    .innerJoin(auditChecks, and(eq(auditChecks.tenantId, auditDomains.tenantId), eq(auditChecks.domainId, auditDomains.id)))
    .where(
      and(
        isNull(auditDomains.deletedAt),
        seen,
        // The cells tell at once which domains have none, and most have none.
        or(like(auditDomains.cells, '%F%'), like(auditDomains.cells, '%?%')),
        inArray(auditChecks.status, ['fail', 'unknown']),
      ),
    )
    .groupBy(mailHosts.id, mailHosts.name, auditChecks.checkId, auditChecks.reason)
  return rows
    .filter((row) => row.domains >= INCIDENT_DOMAINS)
    .sort((a, b) => b.domains - a.domains)
    .slice(0, MAX_INCIDENTS)
    .map(({ hostId, hostName, checkId, reason, domains, since, example }) => {
      const [tenantId, domainId] = example!.split(' ') as [string, string]
      const mailHost = { id: hostId, name: hostName }
      return { mailHost, checkId: checkId as CheckId, reason, domains, since: since!, example: { tenantId, domainId } }
    })
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
