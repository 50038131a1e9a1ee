import type { Domain, MailHost, Partner } from '#shared/schemas/tenants'
import { unicodeOf } from './domain-name'
import type { PartnerRow } from './store'
import type { DomainRow } from './store-domains'
import type { MailHostRow } from './store-mail-hosts'

const isoOf = (ms: number) => new Date(ms).toISOString()

export function partnerOf(row: PartnerRow): Partner {
  return { id: row.id, slug: row.slug, name: row.name, createdAt: isoOf(row.createdAt), version: row.version }
}

export function domainOf(row: DomainRow): Domain {
  return {
    id: row.id,
    domain: row.domain,
    unicode: unicodeOf(row.domain),
    mailHostId: row.mailHostId,
    dkim: row.dkim,
    sends: row.sends,
    receives: row.receives,
    webmailHost: row.webmailHost,
    source: row.source,
    createdAt: isoOf(row.createdAt),
    status: row.status,
    score: row.score,
    max: row.max,
    lastAuditAt: row.lastAuditAt === null ? null : isoOf(row.lastAuditAt),
    version: row.version,
  }
}

/** Without the password: only whether there is one. */
export function mailHostOf(row: MailHostRow, domains: number): MailHost {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as MailHost['kind'],
    healthUrl: row.healthUrl,
    adminUrl: row.adminUrl,
    adminUser: row.adminUser,
    hasAdminPassword: row.adminPasswordBox !== null,
    mx: row.mx,
    sendingAddresses: row.sendingAddresses,
    frontends: row.frontends,
    webmail: row.webmail,
    domains,
    createdAt: isoOf(row.createdAt),
    version: row.version,
  }
}
