import { isIP } from 'node:net'
import { isAbsolute, resolve } from 'node:path'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { RECORD_TYPES, type RecordType } from './dns/types'

const list = (value: string) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)

/** `ip`, `ip:port` or `[ipv6]:port`. */
export function isServerAddress(value: string): boolean {
  if (isIP(value)) return true
  const match = /^\[([^\]]+)\]:(\d+)$/.exec(value) ?? /^([^:]+):(\d+)$/.exec(value)
  return match !== null && isIP(match[1]!) !== 0 && Number(match[2]) > 0 && Number(match[2]) <= 65535
}

const Cidrs = z
  .string()
  .default('')
  .transform(list)
  .refine((nets) => nets.every((net) => ipaddr.isValidCIDR(net)), 'networks such as 10.1.0.0/16, comma-separated')

const Servers = z
  .string()
  .default('')
  .transform(list)
  .refine((servers) => servers.every(isServerAddress), 'addresses such as 192.0.2.53:53 or [2001:db8::53]:53, comma-separated')

const Canary = z
  .string()
  .regex(new RegExp(`^\\S+ (${RECORD_TYPES.join('|')})$`), `a name and a type (${RECORD_TYPES.join(', ')}), such as \`. NS\``)
  .default('. NS')
  .transform((canary) => {
    const [name, type] = canary.split(' ') as [string, RecordType]
    return { name, type }
  })

const withoutCredentials = (value: string) => {
  const url = URL.canParse(value) ? new URL(value) : null
  return !url?.username && !url?.password
}

/** Secrets of a writer: more than one while it changes from the old to the new. */
const Secrets = z
  .string()
  .default('')
  .transform(list)
  .refine((secrets) => secrets.every((secret) => secret.length >= 16), 'each secret 16 characters or more, comma-separated')

const Environment = z
  .object({
    HOST: z.string().min(1).default('127.0.0.1'),
    PORT: z.coerce.number().int().min(0).max(65535).default(3000),
    VIGIA_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
    VIGIA_DATA_DIR: z.string().min(1).default('./data'),
    VIGIA_OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
    VIGIA_OIDC_CLIENT_ID: z.string().min(1).default('vigia'),
    VIGIA_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
    VIGIA_OIDC_OPERATOR_GROUP: z.string().min(1).default('vigia-operators'),
    VIGIA_DNS_SERVERS: Servers,
    VIGIA_CANARY: Canary,
    AUDIT_INTERVAL_SEC: z.coerce.number().int().min(10).max(86_400).default(600),
    AUDIT_INGEST_ENABLED: z.enum(['true', 'false'], 'true or false').default('true'),
    AUDIT_INGEST_SECRET: Secrets,
    AUTHENTIK_URL: z
      .url({ protocol: /^https?$/, message: 'an http or https address' })
      .refine(withoutCredentials, 'no user name or password inside the address')
      .optional(),
    AUTHENTIK_API_TOKEN: z.string().min(1).optional(),
    STALWART_WEBHOOK_SECRET: Secrets,
    OCIS_AUDIT_LOG_PATH: z.string().refine(isAbsolute, 'an absolute path').optional(),
    VIGIA_ALLOW_NETS: Cidrs,
    VIGIA_TRUSTED_PROXIES: Cidrs,
    VIGIA_BOOTSTRAP_TOKEN: z.string().min(32, 'at least 32 characters').optional(),
    VIGIA_SECRET_KEY: z.string().min(32, 'at least 32 characters').optional(),
    VIGIA_DEMO: z.string().min(1).optional(),
  })
  .refine((env) => !env.VIGIA_OIDC_ISSUER || env.VIGIA_OIDC_CLIENT_SECRET, {
    path: ['VIGIA_OIDC_CLIENT_SECRET'],
    message: 'needed with VIGIA_OIDC_ISSUER',
  })

export interface IngestConfig {
  /** False: nothing is received and nothing is fetched. */
  readonly enabled: boolean
  readonly eventSecrets: readonly string[]
  readonly authentikUrl: string | null
  readonly authentikToken: string | null
  readonly stalwartSecrets: readonly string[]
  readonly ocisAuditLogPath: string | null
}

export interface Config {
  readonly host: string
  readonly port: number
  /** Without a trailing slash. */
  readonly baseUrl: string
  readonly dataDir: string
  readonly databaseFile: string
  /** Null: the embedded provider serves this machine. */
  readonly oidc: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string } | null
  readonly operatorGroup: string
  /** Empty: the system's resolvers. */
  readonly dnsServers: readonly string[]
  readonly canary: { readonly name: string; readonly type: RecordType }
  readonly auditIntervalSec: number
  /** What the environment says about the sources of the audit log; it wins over what is set in the portal. */
  readonly ingest: IngestConfig
  readonly allowNets: readonly string[]
  readonly trustedProxies: readonly string[]
  readonly bootstrapToken: string | null
  /** Null: taken from the data folder. */
  readonly secretKey: string | null
  /** The sample world that may be loaded: a JSON file; null outside the demo. */
  readonly demoFile: string | null
}

/** The start stops here: names every bad setting and what it should be, never its value. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(`Settings that cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

/**
 * Reads the settings once.
 * @throws ConfigError naming each bad or unknown setting
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const known = new Set(Object.keys(Environment.shape))
  const unknown = Object.keys(env).filter((name) => name.startsWith('VIGIA_') && !known.has(name))
  const set = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => known.has(name) && value !== undefined && value !== ''),
  )
  const parsed = Environment.safeParse(set)
  const problems = unknown.map((name) => `${name}: no such setting`)
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`))
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems)
  const values = parsed.data
  const dataDir = resolve(values.VIGIA_DATA_DIR)
  return Object.freeze({
    host: values.HOST,
    port: values.PORT,
    baseUrl: (
      values.VIGIA_BASE_URL ?? `http://${values.HOST.includes(':') ? `[${values.HOST}]` : values.HOST}:${values.PORT}`
    ).replace(/\/+$/, ''),
    dataDir,
    databaseFile: resolve(dataDir, 'vigia.db'),
    oidc: values.VIGIA_OIDC_ISSUER
      ? {
          issuer: values.VIGIA_OIDC_ISSUER,
          clientId: values.VIGIA_OIDC_CLIENT_ID,
          clientSecret: values.VIGIA_OIDC_CLIENT_SECRET!,
        }
      : null,
    operatorGroup: values.VIGIA_OIDC_OPERATOR_GROUP,
    dnsServers: values.VIGIA_DNS_SERVERS,
    canary: values.VIGIA_CANARY,
    auditIntervalSec: values.AUDIT_INTERVAL_SEC,
    ingest: Object.freeze({
      enabled: values.AUDIT_INGEST_ENABLED === 'true',
      eventSecrets: values.AUDIT_INGEST_SECRET,
      authentikUrl: values.AUTHENTIK_URL ?? null,
      authentikToken: values.AUTHENTIK_API_TOKEN ?? null,
      stalwartSecrets: values.STALWART_WEBHOOK_SECRET,
      ocisAuditLogPath: values.OCIS_AUDIT_LOG_PATH ?? null,
    }),
    allowNets: values.VIGIA_ALLOW_NETS,
    trustedProxies: values.VIGIA_TRUSTED_PROXIES,
    bootstrapToken: values.VIGIA_BOOTSTRAP_TOKEN ?? null,
    secretKey: values.VIGIA_SECRET_KEY ?? null,
    demoFile: values.VIGIA_DEMO ? resolve(values.VIGIA_DEMO) : null,
  })
}
