import { and, count, eq, inArray, isNotNull, isNull } from 'drizzle-orm'
import { ServiceError } from '#shared/errors'
import type { MailHost } from '#shared/schemas/tenants'
import { auditDomains, mailHosts } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import type { CheckTarget, ExpectedMailHost } from '#server/services/checks/collectors/contract'
import { openMailHostPassword } from './mail-host-password'
import { within } from './store'
import type { MailHostRow } from './store-mail-hosts'
import { mailHostOf } from './wire'

/** Live hosts by name, each with the number of domains in sight. A narrowed caller sees the hosts that those use. */
export async function listMailHosts(ctx: Context): Promise<MailHost[]> {
  const rows = await selectMailHosts(ctx)
  return rows.map((row) => mailHostOf(row.host, row.domains ?? 0))
}

/** @throws ServiceError NOT_FOUND */
export async function getMailHost(ctx: Context, id: string): Promise<MailHost> {
  const [row] = await selectMailHosts(ctx, id)
  if (!row) throw new ServiceError('NOT_FOUND', 'There is no such mail host')
  return mailHostOf(row.host, row.domains ?? 0)
}

function selectMailHosts(ctx: Context, id?: string) {
  const uses = ctx.db
    .select({ id: auditDomains.mailHostId, domains: count().as('domains') })
    .from(auditDomains)
    .where(and(isNull(auditDomains.deletedAt), within(ctx.scope, auditDomains.tenantId)))
    .groupBy(auditDomains.mailHostId)
    .as('uses')
  return ctx.db
    .select({ host: mailHosts, domains: uses.domains })
    .from(mailHosts)
    .leftJoin(uses, eq(uses.id, mailHosts.id))
    .where(
      and(
        isNull(mailHosts.deletedAt),
        ctx.scope === 'all' ? undefined : isNotNull(uses.domains),
        id === undefined ? undefined : eq(mailHosts.id, id),
      ),
    )
    .orderBy(mailHosts.name)
}

/** What is expected of each of these live domains, by domain id, with credentials opened: for the checks alone, never for an answer. */
export async function checkTargets(ctx: Context, domainIds: readonly string[]): Promise<Map<string, CheckTarget>> {
  if (domainIds.length === 0) return new Map()
  const rows = await ctx.db
    .select({ domain: auditDomains, host: mailHosts })
    .from(auditDomains)
    .leftJoin(mailHosts, eq(mailHosts.id, auditDomains.mailHostId))
    .where(
      and(inArray(auditDomains.id, [...domainIds]), isNull(auditDomains.deletedAt), within(ctx.scope, auditDomains.tenantId)),
    )
  const opened = new Map<string, ExpectedMailHost>()
  const siblings = await unsignedDomains(ctx, [...new Set(rows.map((row) => row.domain.tenantId))])
  return new Map(
    rows.map(({ domain: row, host }) => {
      if (host && !opened.has(host.id)) opened.set(host.id, expectedMailHost(ctx, host))
      const mailHost = host ? opened.get(host.id)! : null
      const { domain, dkim, sends, receives } = row
      const webmailHost = row.webmailHost ?? mailHost?.webmail.hostPattern.replaceAll('{domain}', domain) ?? null
      const below = siblings.filter((one) => one.tenantId === row.tenantId && one.domain.endsWith(`.${domain}`))
      const signedSubdomains = below.map((one) => one.domain)
      return [row.id, { domain, mailHost, dkim, signedSubdomains, sends, receives, webmailHost }]
    }),
  )
}

/** The sending domains of these tenants that have no selector of their own. */
async function unsignedDomains(ctx: Context, tenantIds: string[]) {
  const { tenantId, domain, dkim, sends, deletedAt } = auditDomains
  return ctx.db
    .select({ tenantId, domain })
    .from(auditDomains)
    .where(and(inArray(tenantId, tenantIds), eq(sends, true), eq(dkim, []), isNull(deletedAt)))
}

function expectedMailHost(ctx: Context, row: MailHostRow): ExpectedMailHost {
  const { id, name, kind, healthUrl, adminUrl, adminUser, mx, sendingAddresses, frontends, webmail } = row
  const adminPassword = openMailHostPassword(ctx, row)
  return { id, name, kind, healthUrl, adminUrl, adminUser, adminPassword, mx, sendingAddresses, frontends, webmail }
}
