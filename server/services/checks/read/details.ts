import { and, asc, count, eq, inArray, isNotNull, isNull, like, min, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { auditChecks, auditDomains, checkRuns, mailHosts } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import { CHECK_IDS, type CheckId } from '#shared/schemas/checks'
import type { Verdict } from '../collectors/contract'
import type { ReasonRow } from '../summary'
import { rank } from './rank'

/** From this many domains on a shared fault is told as one incident. */
const INCIDENT_DOMAINS = 3
const MAX_INCIDENTS = 20
const MAX_FAULTY = 20_000

/** Status and reason of every check of some domains. By way of the domain, because the key of a check begins with its tenant. */
export function readReasons({ db }: Context, domainIds: string[]): Promise<(ReasonRow & { domainId: string })[]> {
  const { domainId, checkId, status, reason } = auditChecks
  return db
    .select({ domainId, checkId, status, reason })
    .from(auditDomains)
    .innerJoin(auditChecks, and(eq(auditChecks.tenantId, auditDomains.tenantId), eq(auditChecks.domainId, auditDomains.id)))
    .where(inArray(auditDomains.id, domainIds))
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
  // The cells tell at once which domains have a fault, and most have none.
  const faulty = and(isNull(auditDomains.deletedAt), seen, or(like(auditDomains.cells, '%F%'), like(auditDomains.cells, '%?%')))
  const suspects = await suspectChecks(db, faulty)
  if (suspects.length === 0) return []
  const { id, tenantId, mailHostId } = auditDomains
  // The bound makes the database begin here, with the few, and not with the wide table of verdicts.
  const few = db.select({ id, tenantId, mailHostId }).from(auditDomains).where(faulty).limit(MAX_FAULTY).as('few')
  const rows = await db
    .select({
      hostId: mailHosts.id,
      hostName: mailHosts.name,
      checkId: auditChecks.checkId,
      reason: auditChecks.reason,
      domains: count(),
      since: min(auditChecks.since),
      example: min(sql<string>`${few.tenantId} || ' ' || ${few.id}`),
    })
    .from(few)
    .innerJoin(mailHosts, eq(mailHosts.id, few.mailHostId))
    .innerJoin(
      auditChecks,
      and(eq(auditChecks.tenantId, few.tenantId), eq(auditChecks.domainId, few.id), inArray(auditChecks.checkId, suspects)),
    )
    .where(inArray(auditChecks.status, ['fail', 'unknown']))
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

/** The checks that fail or are unknown for enough domains of one mail host, whatever the reason. */
async function suspectChecks(db: Db, faulty: SQL | undefined): Promise<CheckId[]> {
  const bad = (place: number) =>
    sql<number>`sum(case when substr(${auditDomains.cells}, ${place + 1}, 1) in ('F', '?') then 1 else 0 end)`
  const hosts = await db
    .select(Object.fromEntries(CHECK_IDS.map((checkId, place) => [checkId, bad(place)])))
    .from(auditDomains)
    .where(and(faulty, isNotNull(auditDomains.mailHostId)))
    .groupBy(auditDomains.mailHostId)
  return CHECK_IDS.filter((checkId) => hosts.some((host) => Number(host[checkId]) >= INCIDENT_DOMAINS))
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
