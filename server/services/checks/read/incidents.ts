import { and, count, eq, inArray, isNotNull, isNull, min, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '#drizzle/client'
import { auditChecks, auditDomains, mailHosts } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import type { CheckId } from '#shared/schemas/checks'
import type { Incident } from '#shared/schemas/overview'
import { cellPlace } from '../cells'
import { MAIL_HOST_CAUSES } from '../reasons'

/** From this many domains on a trouble of their mail host is told as one incident. */
const INCIDENT_DOMAINS = 3
const MAX_INCIDENTS = 20
const MAX_FAULTY = 20_000

export interface SharedFault extends Pick<Incident, 'mailHost' | 'checkId' | 'reason' | 'status' | 'domains'> {
  /** When it began for the first of them, ms. */
  since: number
  /** One of the domains that it hits. */
  example: { tenantId: string; domainId: string }
}

/** The troubles of mail hosts that three of their domains or more have in common: one for each host, most domains first. */
export async function readSharedFaults({ db, scope }: Context): Promise<SharedFault[]> {
  const seen = scope === 'all' ? undefined : inArray(auditDomains.tenantId, [...scope])
  // Most domains have no fault. Said as the index `audit_domains_faulty` says it, without parameters, or it would not serve.
  const faulty = and(isNull(auditDomains.deletedAt), sql`${auditDomains.status} in ('failing', 'unknown')`, seen)
  const suspects = await suspectCauses(db, faulty)
  if (suspects.length === 0) return []
  const { id, tenantId, mailHostId } = auditDomains
  // The bound makes the database begin here, with the few, and not with the wide table of verdicts.
  const few = db.select({ id, tenantId, mailHostId }).from(auditDomains).where(faulty).limit(MAX_FAULTY).as('few')
  const rows = await db
    .select({
      mailHost: { id: mailHosts.id, name: mailHosts.name },
      checkId: auditChecks.checkId,
      status: auditChecks.status,
      reason: auditChecks.reason,
      domains: count(),
      since: min(auditChecks.since),
      example: min(sql<string>`${few.tenantId} || ' ' || ${few.id}`),
    })
    .from(few)
    .innerJoin(mailHosts, eq(mailHosts.id, few.mailHostId))
    .innerJoin(auditChecks, and(eq(auditChecks.tenantId, few.tenantId), eq(auditChecks.domainId, few.id), or(...suspects)))
    .where(inArray(auditChecks.status, ['fail', 'unknown']))
    .groupBy(mailHosts.id, mailHosts.name, auditChecks.checkId, auditChecks.status, auditChecks.reason)
  const faults = rows
    .filter((row) => row.domains >= INCIDENT_DOMAINS)
    .map(({ checkId, status, since, example, ...row }) => {
      const [tenantId, domainId] = example!.split(' ') as [string, string]
      // The statement asked for these checks and statuses alone.
      const told = { checkId: checkId as CheckId, status: status as SharedFault['status'] }
      return { ...row, ...told, since: since!, example: { tenantId, domainId } }
    })
  return onePerHost(faults).slice(0, MAX_INCIDENTS)
}

/** A host that is down takes its front ends with it: its own word first, then what hits most domains. */
function onePerHost(faults: SharedFault[]): SharedFault[] {
  const byDomains = faults.sort((a, b) => b.domains - a.domains)
  const hosts = new Map<string, SharedFault>()
  for (const fault of [...byDomains.filter(isOfHostItself), ...byDomains])
    if (!hosts.has(fault.mailHost.id)) hosts.set(fault.mailHost.id, fault)
  return byDomains.filter((fault) => hosts.get(fault.mailHost.id) === fault)
}

const isOfHostItself = ({ checkId }: SharedFault) => checkId === 'carbonio'

/** For each check that enough domains of one mail host do not pass: what it says when the host is the cause. */
async function suspectCauses(db: Db, faulty: SQL | undefined): Promise<(SQL | undefined)[]> {
  const bad = ({ checkId }: { checkId: CheckId }) =>
    sql<number>`sum(case when substr(${auditDomains.cells}, ${cellPlace(checkId)}, 1) in ('F', '?') then 1 else 0 end)`
  const hosts = await db
    .select(Object.fromEntries(MAIL_HOST_CAUSES.map((cause) => [cause.checkId, bad(cause)])))
    .from(auditDomains)
    .where(and(faulty, isNotNull(auditDomains.mailHostId)))
    .groupBy(auditDomains.mailHostId)
  return MAIL_HOST_CAUSES.filter(({ checkId }) => hosts.some((host) => Number(host[checkId]) >= INCIDENT_DOMAINS)).map(
    ({ checkId, reasons }) => and(eq(auditChecks.checkId, checkId), inArray(auditChecks.reason, reasons)),
  )
}
