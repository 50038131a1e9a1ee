import { SELECTOR, type DkimKeys } from './dkim-keys'
import {
  ADMIN_PASSWORD,
  ADMIN_USER,
  LOGIN_MARKER,
  LOGIN_PATH,
  PLACES,
  hostName,
  mailHost,
  mxNames,
  type MailHostKey,
} from './provider'
import { expectedVerdicts, type ExpectedVerdicts, type Story } from './story'
import type { SyntheticDomains } from './synthetic'
import type { WebServers } from './web/servers'
import { signingKey } from './zone-data'

/** A mail host as the API takes it. */
export interface MailHostBody {
  name: string
  kind: 'carbonio'
  healthUrl: string
  adminUrl: string
  adminUser: string
  adminPassword: string
  mx: string[]
  sendingAddresses: string[]
  frontends: string[]
  webmail: { hostPattern: string; port: number; httpPort: number; loginPath: string; marker: string }
}

/** A tenant as the API takes it; the partner by slug, since its id is known only once it is stored. */
export interface WorldTenant {
  body: { slug: string; name: string; plan: string }
  partner: string | null
}

/** A domain as the API takes it; tenant by slug and mail host by name, for the same reason. */
export interface WorldDomain {
  tenant: string
  mailHost: string | null
  body: {
    domain: string
    dkim: { selector: string; publicKey: string }[]
    sends: boolean
    receives: boolean
    webmailHost?: string
  }
  story: string
  expect: ExpectedVerdicts
}

/** A mail host with the ports that this world really got. */
export function mailHostBody(key: MailHostKey, ports: WebServers['ports']): MailHostBody {
  const host = mailHost(key)
  return {
    name: host.name,
    kind: 'carbonio',
    healthUrl: `https://${hostName(host)}:${ports.https}/service/health`,
    adminUrl: `https://${hostName(host)}:${ports.admin}/service/admin/soap`,
    adminUser: ADMIN_USER,
    adminPassword: host.wrongPassword ? 'changed-last-week' : ADMIN_PASSWORD,
    mx: mxNames(host),
    sendingAddresses: [...host.sendingAddresses],
    frontends: [`${host.frontend}:${ports.https}`, `[${PLACES.ipv6}]:${ports.https}`],
    webmail: {
      hostPattern: 'mail.{domain}',
      port: ports.https,
      httpPort: ports.http,
      loginPath: LOGIN_PATH,
      marker: LOGIN_MARKER,
    },
  }
}

/** A domain of the table of stories, with the verdicts that it must get. */
export function worldDomain(story: Story, keys: DkimKeys): WorldDomain {
  const kind = story.dkim ?? 'ours'
  return {
    tenant: story.tenant,
    mailHost: story.mailHost ? mailHost(story.mailHost).name : null,
    body: {
      domain: story.domain,
      dkim: kind === 'none' ? [] : [{ selector: SELECTOR, publicKey: signingKey(kind, keys) }],
      sends: story.sends ?? true,
      receives: story.receives ?? true,
      ...(story.web?.host ? { webmailHost: story.web.host } : {}),
    },
    story: story.story,
    expect: expectedVerdicts(story),
  }
}

/** Makes the first `n` synthetic domains exist. */
export function syntheticDomains(synthetic: SyntheticDomains, keys: DkimKeys, n: number) {
  synthetic.count = Math.max(synthetic.count, n)
  const domains = Array.from({ length: n }, (_, index) => ({
    ...worldDomain(synthetic.story(index), keys),
    tenant: synthetic.tenantOf(index),
  }))
  const slugs = [...new Set(domains.map((domain) => domain.tenant))]
  const tenants = slugs.map((slug, i): WorldTenant => ({
    body: { slug, name: `Bench tenant ${i}`, plan: 'starter' },
    partner: null,
  }))
  return { tenants, domains }
}
