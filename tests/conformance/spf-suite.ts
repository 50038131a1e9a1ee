import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'
import { NO_ZONE } from '#server/platform/dns/zone-look'
import type { DnsAnswer, DnsClient, DnsOutcome, DnsRecord, RecordType } from '#server/platform/dns/types'
import { answerOf } from '../helpers/check-facts'

/** The suite of openspf.org for RFC 7208; it lies beside the repository and is not part of it. */
const SUITE = fileURLToPath(new URL('../../../shared/testdata/spf/rfc7208-tests.yml', import.meta.url))
export const hasSuite = existsSync(SUITE)

type ZoneEntry = string | Record<string, string | string[] | [number, string]>
export interface SuiteCase {
  helo: string
  host: string
  mailfrom: string
  result: string | string[]
}
export interface Scenario {
  description: string
  tests: Record<string, SuiteCase>
  zonedata: Record<string, ZoneEntry[]>
}

/** Every scenario of the suite; none when it is not there. */
export function readSuite(): Scenario[] {
  if (!hasSuite) return []
  return parseAllDocuments(readFileSync(SUITE, 'utf8'))
    .map((document) => document.toJS() as Scenario)
    .filter(Boolean)
}

/** What a scenario says about a name and type; the chain of CNAME records that led there is in `cnames`. */
export interface SuiteAnswer {
  outcome: DnsOutcome
  records: DnsRecord[]
  cnames: string[]
}
export type SuiteZone = (name: string, type: RecordType) => SuiteAnswer

/** Answers from the data of a scenario; records of type SPF stand for TXT unless TXT is given as well. */
export function zoneOf({ zonedata }: Scenario): SuiteZone {
  const zone = new Map(Object.entries(zonedata).map(([name, entries]) => [normalise(name), entries]))

  function look(name: string, type: RecordType, cnames: string[]): SuiteAnswer {
    const nothing = (outcome: DnsOutcome): SuiteAnswer => ({ outcome, records: [], cnames })
    const entries = zone.get(name)
    if (!entries) return nothing('nxdomain')
    const has = (key: string) => entries.some((entry) => typeof entry === 'object' && key in entry)
    const key = type === 'TXT' && !has('TXT') ? 'SPF' : type
    const records = entries.flatMap((entry) =>
      typeof entry === 'object' && key in entry ? toRecord(name, type, entry[key]) : [],
    )
    if (records.length > 0) return { outcome: 'answer', records, cnames }
    if (entries.includes('TIMEOUT')) return nothing('timeout')
    const alias = entries.find((entry) => typeof entry === 'object' && 'CNAME' in entry)
    if (typeof alias !== 'object' || type === 'CNAME') return nothing('nodata')
    const target = normalise(String(alias.CNAME))
    return look(target, type, [...cnames, target])
  }
  return (name, type) => look(normalise(name), type, [])
}

/** The zone as a DNS client, without a network. */
export function stubOf(zone: SuiteZone): DnsClient {
  const client: DnsClient = {
    query: (name, type) => Promise.resolve(answerFrom(name, type, zone(name, type))),
    zone: () => Promise.resolve(NO_ZONE),
    fresh: () => client,
  }
  return client
}

function answerFrom(name: string, type: RecordType, said: SuiteAnswer): DnsAnswer {
  return { ...answerOf(normalise(name), type, 'nodata'), ttl: 0, ...said }
}

const normalise = (name: string) => name.toLowerCase().replace(/\.$/, '')

function toRecord(name: string, type: RecordType, value: unknown): DnsRecord[] {
  if (value === 'NONE' || value === undefined) return []
  if (type === 'MX') {
    const [preference, exchange] = value as [number, string]
    return [{ name, type, ttl: 0, value: `${preference} ${exchange}`, preference, exchange }]
  }
  const strings = (Array.isArray(value) ? value : [value]).map(String)
  return [{ name, type, ttl: 0, value: strings.join(''), ...(type === 'TXT' ? { strings } : {}) }]
}
