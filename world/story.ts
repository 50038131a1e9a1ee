import { CHECK_IDS, type CheckId, type CheckStatus } from '#shared/schemas/checks'
import type { DnsFault } from './dns/faults'
import type { MailHostKey, PLACES, TenantSlug } from './provider'
import type { CertificateKind } from './web/certificates'
import type { Behaviour } from './web/behaviours'

export interface ExpectedVerdict {
  status: CheckStatus
  reason: string
}
export type ExpectedVerdicts = Record<CheckId, ExpectedVerdict>

export const pass = (reason: string): ExpectedVerdict => ({ status: 'pass', reason })
export const warn = (reason: string): ExpectedVerdict => ({ status: 'warn', reason })
export const fail = (reason: string): ExpectedVerdict => ({ status: 'fail', reason })
export const unknown = (reason: string): ExpectedVerdict => ({ status: 'unknown', reason })

/** What stands at the selector of a domain; see zone-data for the records. */
export type DkimKind =
  'ours' | 'cname' | 'revoked' | 'other-key' | 'absent' | 'rsa-1024' | 'rsa-768' | 'testing' | 'two-keys' | 'none'

/**
 * One domain and what is odd about it; all that is not said is healthy. Texts may hold `{mx1}`, `{mx2}` (the mail host's MX names),
 * `{ours}` (`include:` of its SPF record), `{ip4}`, `{ip6}` (its sending addresses) and `{rua}`.
 */
export interface Story {
  domain: string
  tenant: TenantSlug
  mailHost: MailHostKey | null
  /** The story in a sentence. */
  story: string
  dns?: {
    mx?: string[]
    /** TXT records at the domain itself; SPF among them. */
    txt?: string[]
    dmarc?: string[]
    /** IPv4 address of the domain itself. */
    address?: string
    /** What is wrong with the way of the resolvers to the zone. */
    fault?: DnsFault
    /** What is wrong with the zone's own servers. */
    serverFault?: DnsFault
    /** There is no such domain. */
    absent?: true
  }
  dkim?: DkimKind
  web?: {
    /** The webmail name when it is not `mail.{domain}`. */
    host?: string
    /** Where public DNS leads; the mail host's front ends when not said. Other places have IPv4 only. */
    at?: 'elsewhere' | keyof Pick<typeof PLACES, 'silent' | 'plain' | 'closed'>
    /** Address families that public DNS names. */
    families?: 'ipv6'
    /** What the server at that place does. */
    behaviour?: Behaviour
    certificate?: CertificateKind
    /** Another certificate, valid as well, over IPv6. */
    secondCertificate?: true
    /** The front end has no server block of this name. */
    unknownToFrontend?: true
  }
  carbonio?: 'suspended' | 'missing'
  sends?: false
  receives?: false
  /** The verdicts that differ from `pass: ok`. */
  expect?: Partial<ExpectedVerdicts>
}

const NEEDS_MAIL_HOST: readonly CheckId[] = ['carbonio', 'nginx_vhost', 'cert_le', 'webmail_http']

/** All eight verdicts of a story. */
export function expectedVerdicts(story: Story): ExpectedVerdicts {
  const verdict = (id: CheckId): ExpectedVerdict => {
    if (!story.mailHost && NEEDS_MAIL_HOST.includes(id)) return { status: 'skipped', reason: 'no-mail-host' }
    if (id === 'dns_dkim' && story.dkim === 'none') return { status: 'skipped', reason: 'no-selector' }
    return story.expect?.[id] ?? pass('ok')
  }
  return Object.fromEntries(CHECK_IDS.map((id) => [id, verdict(id)])) as ExpectedVerdicts
}

/** The webmail name: the domain's own, else the pattern `mail.{domain}`. */
export const webmailName = (story: Pick<Story, 'domain' | 'web'>) => story.web?.host ?? `mail.${story.domain}`

/** Whether mail for the domain is taken by somebody else, who has an exchanger in its own zone. */
export const isHostedElsewhere = (story: Pick<Story, 'mailHost' | 'receives'>) =>
  story.mailHost === null && story.receives !== false
