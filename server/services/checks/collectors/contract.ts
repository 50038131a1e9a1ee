import type { CheckId, CheckStatus, Evidence } from '#shared/schemas/checks'
import type { Config } from '#server/platform/config'
import type { DnsClient } from '#server/platform/dns/types'
import type { HttpClient, HttpVisit, TlsClient } from '#server/platform/http/types'
import type { MailClient } from '#server/platform/mail/types'
import type { Memory } from '../memory'

/** What is expected of a mail platform; the stored mail host with its password opened, or the file given to `npm run check`. */
export interface ExpectedMailHost {
  id: string
  name: string
  kind: string
  healthUrl: string
  adminUrl: string | null
  adminUser: string | null
  adminPassword: string | null
  mx: string[]
  sendingAddresses: string[]
  frontends: string[]
  webmail: { hostPattern: string; port: number; httpPort: number; loginPath: string; marker: string }
}

/** One domain and all that is expected of it. */
export interface CheckTarget {
  domain: string
  mailHost: ExpectedMailHost | null
  dkim: { selector: string; publicKey?: string }[]
  /** Domains below this one that send and have no selector of their own: their mail is signed with a key of this one. */
  signedSubdomains?: readonly string[]
  sends: boolean
  receives: boolean
  /** The webmail name: the domain's own, else the mail host's pattern filled in; null without a mail host. */
  webmailHost: string | null
}

/** The verdict of one check. Sentences are rendered from `reason` and `params` when read (see ../reasons). */
export interface Verdict<Status extends string = CheckStatus> {
  status: Status
  reason: string
  params: Record<string, string | number | boolean | string[]>
  evidence: Evidence
}

/** What a collector may use. Looks that several domains share (a host's health, an MX host) go through `shared`. */
export interface CheckWorld {
  config: Pick<Config, 'allowNets'>
  dns: DnsClient
  http: Pick<HttpClient, 'request'>
  tls: TlsClient
  mail: MailClient
  /** The pages and handshakes of this look at this domain: what two checks need is fetched once. It ends with the last check. */
  visit: HttpVisit
  now(): number
  random(): number
  /** Ends when the check's ten seconds are over, or the run is stopped. */
  signal: AbortSignal
  /** One look for all who ask for the same key within one cycle (or within one person's run). */
  shared<T>(key: string, look: () => Promise<T>): Promise<T>
  /** Kept for longer than a cycle; may be empty at any time. */
  memory: Pick<Memory, 'get' | 'set'>
  /** Whether the canary resolved in this cycle and this process kept time: if not, a time-out is ours and not the domain's. */
  canaryOk(): Promise<boolean>
}

/** A kind of check: looks, then judges. `collect` gathers and never throws for a fault outside; `evaluate` is pure. */
export interface Collector<Observation = unknown> {
  id: CheckId
  /** Without a mail host the check is `skipped: no-mail-host`. */
  needsMailHost: boolean
  collect(world: CheckWorld, target: CheckTarget): Promise<Observation>
  evaluate(observation: Observation, target: CheckTarget, now: number): Verdict
}

/** Keeps the observation's type between the two halves while the registry holds collectors of many kinds. */
export function defineCollector<Observation>(collector: Collector<Observation>): Collector<Observation> {
  return collector
}
