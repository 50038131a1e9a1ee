import { z } from 'zod'
import { DomainStatus } from './checks'

const Timestamp = z.iso.datetime()

export const Slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and inner hyphens, 63 at most')

const HostName = z
  .string()
  .trim()
  .max(253)
  .transform((name) => name.toLowerCase().replace(/\.$/, ''))
  .pipe(
    z
      .string()
      .regex(
        /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)+$/,
        'a host name such as mx1.example.org',
      ),
  )

const IpAddress = z.union([z.ipv4(), z.ipv6()], 'an IPv4 or IPv6 address')

/** `ip`, `ip:port` or `[ipv6]:port`. */
const FrontendAddress = z.string().superRefine((value, issue) => {
  const match =
    /^\[([^\]]+)\](?::(\d+))?$/.exec(value) ??
    (IpAddress.safeParse(value).success ? [value, value] : /^([^:]+):(\d+)$/.exec(value))
  const port = match?.[2] === undefined ? 443 : Number(match[2])
  if (!match || !IpAddress.safeParse(match[1]).success || port < 1 || port > 65535)
    issue.addIssue({ code: 'custom', message: 'an address such as 192.0.2.10, 192.0.2.10:8443 or [2001:db8::10]:443' })
})

const withoutCredentials = (value: string) => {
  const url = URL.canParse(value) ? new URL(value) : null
  return !url?.username && !url?.password
}
const NO_CREDENTIALS = 'no user name or password inside the address'
const HttpUrl = z.url({ protocol: /^https?$/, message: 'an http or https address' }).refine(withoutCredentials, NO_CREDENTIALS)
/** The password of the mail host goes there. */
const HttpsUrl = z.url({ protocol: /^https$/, message: 'an https address' }).refine(withoutCredentials, NO_CREDENTIALS)

const Port = z.int().min(1).max(65535)

// Fields without defaults: in a change, what is left out stays as it is, and a default would overwrite it.
const webmailFields = {
  hostPattern: z
    .string()
    .trim()
    .toLowerCase()
    .refine(
      (pattern) => HostName.safeParse(pattern.replaceAll('{domain}', 'example.org')).success,
      'a pattern such as mail.{domain}',
    ),
  port: Port,
  httpPort: Port,
  loginPath: z.string().startsWith('/').max(500),
  /** Text that only our login page carries. */
  marker: z.string().min(1).max(500),
}

export const WebmailExpectation = z.object({
  ...webmailFields,
  hostPattern: webmailFields.hostPattern.default('mail.{domain}'),
  port: webmailFields.port.default(443),
  httpPort: webmailFields.httpPort.default(80),
  loginPath: webmailFields.loginPath.default('/static/login/'),
})

export const MAIL_HOST_KINDS = ['carbonio'] as const

const mailHostFields = {
  name: z.string().trim().min(1).max(100),
  kind: z.enum(MAIL_HOST_KINDS),
  healthUrl: HttpUrl,
  adminUrl: HttpsUrl,
  adminUser: z.string().min(1).max(200),
  /** Write-only. */
  adminPassword: z.string().min(1).max(1000),
  mx: z.array(HostName).max(50),
  sendingAddresses: z.array(IpAddress).max(100),
  frontends: z.array(FrontendAddress).max(50),
}

export const MailHostInput = z.object({
  ...mailHostFields,
  kind: mailHostFields.kind.default('carbonio'),
  adminUrl: mailHostFields.adminUrl.optional(),
  adminUser: mailHostFields.adminUser.optional(),
  adminPassword: mailHostFields.adminPassword.optional(),
  mx: mailHostFields.mx.default([]),
  sendingAddresses: mailHostFields.sendingAddresses.default([]),
  frontends: mailHostFields.frontends.default([]),
  webmail: WebmailExpectation,
})
export type MailHostInput = z.infer<typeof MailHostInput>

export const MailHostPatch = z
  .object({
    ...mailHostFields,
    webmail: z.object(webmailFields).partial(),
    /** Null removes what is stored. */
    adminUrl: mailHostFields.adminUrl.nullable(),
    adminUser: mailHostFields.adminUser.nullable(),
    adminPassword: mailHostFields.adminPassword.nullable(),
  })
  .partial()
  .extend({ version: z.int() })
export type MailHostPatch = z.infer<typeof MailHostPatch>

export const MailHost = MailHostInput.omit({ adminPassword: true, adminUrl: true, adminUser: true }).extend({
  id: z.string(),
  adminUrl: z.string().nullable(),
  adminUser: z.string().nullable(),
  /** Whether a password is stored; it is never shown. */
  hasAdminPassword: z.boolean(),
  domains: z.int(),
  createdAt: Timestamp,
  version: z.int(),
})
export type MailHost = z.infer<typeof MailHost>
export const MailHostList = z.object({ mailHosts: z.array(MailHost) })
export type MailHostList = z.infer<typeof MailHostList>

export const DkimSelector = z.object({
  selector: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/, 'a selector such as s2026'),
  /** Base64 of the public key that signs (the value of p=), or a PEM public key. */
  publicKey: z.string().max(4000).optional(),
})

const domainFields = {
  mailHostId: z.string().nullish(),
  dkim: z
    .array(DkimSelector)
    .max(20)
    .refine((keys) => new Set(keys.map((key) => key.selector)).size === keys.length, 'each selector once'),
  sends: z.boolean(),
  receives: z.boolean(),
  webmailHost: HostName.nullish(),
}

export const DomainInput = z.object({
  ...domainFields,
  /** Normalised by the service: trimmed, lower-cased, A-labels, no trailing dot. */
  domain: z.string().min(1).max(400),
  dkim: domainFields.dkim.default([]),
  sends: domainFields.sends.default(true),
  receives: domainFields.receives.default(true),
})
export type DomainInput = z.infer<typeof DomainInput>

export const DomainPatch = z.object(domainFields).partial().extend({ version: z.int() })
export type DomainPatch = z.infer<typeof DomainPatch>

export const BulkDomainsInput = z.object({
  domains: z
    .array(z.union([z.string(), z.looseObject({ domain: z.string() })]))
    .min(1)
    .max(10_000),
  /** Applied to every line that does not say otherwise. */
  mailHostId: z.string().nullish(),
})
export type BulkDomainsInput = z.infer<typeof BulkDomainsInput>

/** One domain, or many with a result for each. One flat object, so that a mistake is told at its own path. */
export const AddDomainsInput = DomainInput.partial({ domain: true })
  .extend({ domains: BulkDomainsInput.shape.domains.optional() })
  .refine((body) => (body.domain === undefined) !== (body.domains === undefined), {
    path: ['domain'],
    message: 'either domain or domains',
  })

export const BulkDomainsResult = z.object({
  results: z.array(
    z.object({
      line: z.int(),
      domain: z.string(),
      ok: z.boolean(),
      token: z.string().optional(),
      message: z.string().optional(),
    }),
  ),
})
export type BulkDomainsResult = z.infer<typeof BulkDomainsResult>

export const Domain = z.object({
  id: z.string(),
  domain: z.string(),
  /** The name in its own script, for people. */
  unicode: z.string(),
  mailHostId: z.string().nullable(),
  dkim: z.array(DkimSelector),
  sends: z.boolean(),
  receives: z.boolean(),
  webmailHost: z.string().nullable(),
  source: z.enum(['onboarding', 'manual']),
  createdAt: Timestamp,
  status: DomainStatus,
  score: z.int().nullable(),
  max: z.int().nullable(),
  lastAuditAt: Timestamp.nullable(),
  version: z.int(),
})
export type Domain = z.infer<typeof Domain>

export const TenantInput = z.object({
  slug: Slug,
  name: z.string().trim().min(1).max(200),
  plan: z.string().trim().min(1).max(100).nullish(),
  partnerId: z.string().nullish(),
})
export type TenantInput = z.infer<typeof TenantInput>

export const TenantPatch = TenantInput.omit({ slug: true }).partial().extend({ version: z.int() }).strict()
export type TenantPatch = z.infer<typeof TenantPatch>

export const TenantSummary = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  plan: z.string().nullable(),
  partner: z.object({ id: z.string(), slug: z.string(), name: z.string() }).nullable(),
  /** The worst of its domains; `pending` without any. */
  status: DomainStatus,
  domains: z.int(),
  createdAt: Timestamp,
  version: z.int(),
})
export type TenantSummary = z.infer<typeof TenantSummary>

export const Tenant = TenantSummary.omit({ domains: true }).extend({ domains: z.array(Domain) })
export type Tenant = z.infer<typeof Tenant>

export const TenantsQuery = z.object({
  q: z.string().trim().max(200).optional(),
  status: DomainStatus.optional(),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
export type TenantsQuery = z.infer<typeof TenantsQuery>

export const TenantList = z.object({
  total: z.int(),
  counts: z.object({ healthy: z.int(), degraded: z.int(), failing: z.int(), unknown: z.int(), pending: z.int() }),
  tenants: z.array(TenantSummary),
  nextCursor: z.string().nullable(),
})
export type TenantList = z.infer<typeof TenantList>

export const PartnerInput = z.object({ slug: Slug, name: z.string().trim().min(1).max(200) })
export type PartnerInput = z.infer<typeof PartnerInput>
export const Partner = PartnerInput.extend({ id: z.string(), createdAt: Timestamp, version: z.int() })
export type Partner = z.infer<typeof Partner>
export const PartnerList = z.object({ partners: z.array(Partner) })
export type PartnerList = z.infer<typeof PartnerList>

/** Of a removal, in the query: refuse when the row has changed since. */
export const RemovalQuery = z.object({ version: z.coerce.number().int().optional() })

export const ONBOARDING_TYPES = ['account.created', 'onboarding.completed'] as const

/** CloudEvents 1.0, structured mode. Other attributes and extensions are let through and not kept. */
export const OnboardingEvent = z.object({
  specversion: z.literal('1.0', { error: 'only 1.0 is understood' }),
  id: z.string().min(1).max(200),
  source: z.string().min(1).max(500),
  type: z.enum(ONBOARDING_TYPES, { error: `accepted types: ${ONBOARDING_TYPES.join(', ')}` }),
  time: z.iso.datetime({ offset: true }),
  data: z.object({
    tenantSlug: Slug,
    tenantName: z.string().trim().min(1).max(200).optional(),
    domain: z.string().min(1).max(400),
  }),
})
export type OnboardingEvent = z.infer<typeof OnboardingEvent>

export const OnboardingReceipt = z.object({
  /** The same (source, id) came before: nothing was changed. */
  duplicate: z.boolean(),
})
export type OnboardingReceipt = z.infer<typeof OnboardingReceipt>

/** A tenant in a path: its id or its slug. */
export const TenantParams = z.object({ idOrSlug: z.string().min(1).max(100) })
export const DomainParams = TenantParams.extend({ domain: z.string().min(1).max(400) })
export const MailHostParams = z.object({ id: z.string().min(1).max(100) })
