import { NO_ZONE } from '#server/platform/dns/zone-look'
import type { DnsAnswer, DnsClient, DnsOutcome, RecordType } from '#server/platform/dns/types'
import type { CheckTarget, CheckWorld, Collector, Verdict } from '#server/services/checks/collectors/contract'
import { Memory } from '#server/services/checks/memory'
import type { CheckStatus } from '#shared/schemas/checks'
import { answerOf, NOW } from '../helpers/check-facts'

/** One case of a check: what the world looks like, and the verdict that it must get. */
export interface ReasonRow<Status extends string = CheckStatus> {
  /** The case in a few words. */
  it: string
  status: Status
  reason: string
  /** Reasons that the case only just escapes; every reason of the catalogue needs a row that gives it and one that misses it. */
  misses?: readonly string[]
  target: CheckTarget
  verdict(): Verdict<Status> | Promise<Verdict<Status>>
}
export type ReasonTable<Status extends string = CheckStatus> = readonly ReasonRow<Status>[]

/** Marks in a table the cases that only just escape a reason; `near` names one for each reason. */
export function withNearMisses<Status extends string>(
  rows: ReasonTable<Status>,
  near: Readonly<Record<string, string>>,
): ReasonTable<Status> {
  const missing = Object.values(near).find((it) => !rows.some((row) => row.it === it))
  if (missing !== undefined) throw new Error(`There is no case "${missing}"`)
  return rows.map((row) => {
    const misses = Object.keys(near).filter((code) => near[code] === row.it)
    return misses.length > 0 ? { ...row, misses: [...(row.misses ?? []), ...misses] } : row
  })
}

/** What a name says: records, an outcome without records, or either with more around it. */
type Said = string[] | DnsOutcome
/** `TYPE name` → what is said there; MX values are `10 host`. All else does not exist. */
export type StubZone = Record<string, Said | (Partial<DnsAnswer> & { said: Said })>

/** DNS that answers from a zone; `asked` gets every question as `TYPE name`. */
export function stubDns(zone: StubZone, asked: string[] = []): DnsClient {
  const client: DnsClient = {
    query(name: string, type: RecordType) {
      const key = `${type} ${name}`
      asked.push(key)
      const entry = zone[key] ?? 'nxdomain'
      if (Array.isArray(entry) || typeof entry === 'string') return Promise.resolve(answerOf(name, type, entry))
      const { said, ...changes } = entry
      return Promise.resolve(answerOf(name, type, said, changes))
    },
    zone: () => Promise.resolve(NO_ZONE),
    fresh: () => client,
  }
  return client
}

/** What a collector may use, with DNS alone: any other look fails the test. */
export function dnsWorld(dns: DnsClient): CheckWorld {
  const noConnection = () => Promise.reject(new Error('a DNS check connects nowhere'))
  const visit = { handshake: noConnection, get: noConnection, close: () => Promise.resolve() }
  return {
    config: { allowNets: [] },
    dns,
    http: { request: noConnection },
    visit,
    tls: { handshake: noConnection },
    mail: { look: noConnection },
    now: () => NOW,
    random: () => 0.5,
    signal: new AbortController().signal,
    shared: (_, look) => look(),
    memory: new Memory(),
    canaryOk: () => Promise.resolve(true),
  }
}

/** Looks and judges as a run does. */
export async function verdictOver<Seen>(collector: Collector<Seen>, dns: DnsClient, target: CheckTarget): Promise<Verdict> {
  return collector.evaluate(await collector.collect(dnsWorld(dns), target), target, NOW)
}

/** A row of a DNS check: `[it, zone, status, reason, what it misses, target]`. */
export type ZoneCase = [
  it: string,
  zone: StubZone,
  status: CheckStatus,
  reason: string,
  more?: Partial<Pick<ReasonRow, 'misses' | 'target'>>,
]

/** The table of a DNS check from its cases; `standard` is the target of those that name none. */
export function zoneTable<Seen>(collector: Collector<Seen>, standard: CheckTarget, cases: readonly ZoneCase[]): ReasonTable {
  return cases.map(([it, zone, status, reason, more = {}]) => {
    const target = more.target ?? standard
    return { it, status, reason, ...more, target, verdict: () => verdictOver(collector, stubDns(zone), target) }
  })
}
