import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { NO_ZONE } from '#server/platform/dns/zone-look'
import { silentAnswer } from '#server/platform/dns/look-up'
import type { DnsAnswer, DnsClient, DnsOutcome, DnsRecord, RecordType } from '#server/platform/dns/types'
import { createSpfEngine } from '#server/services/checks/collectors/spf-engine'

/** The suite of openspf.org for RFC 7208; it lies beside the repository and is not part of it. */
const SUITE = fileURLToPath(new URL('../../../shared/testdata/spf/rfc7208-tests.yml', import.meta.url))

type ZoneEntry = string | Record<string, string | string[] | [number, string]>
interface Scenario {
  description: string
  tests: Record<string, { helo: string; host: string; mailfrom: string; result: string | string[] }>
  zonedata: Record<string, ZoneEntry[]>
}

/** Answers from the data of a scenario; records of type SPF stand for TXT unless TXT is given as well. */
function zoneOf(zonedata: Scenario['zonedata']) {
  const zone = new Map(Object.entries(zonedata).map(([name, entries]) => [name.toLowerCase().replace(/\.$/, ''), entries]))

  function look(name: string, type: RecordType): DnsOutcome | DnsRecord[] {
    const entries = zone.get(name)
    if (!entries) return 'nxdomain'
    const has = (key: string) => entries.some((entry) => typeof entry === 'object' && key in entry)
    const key = type === 'TXT' && !has('TXT') ? 'SPF' : type
    const records = entries.flatMap((entry) =>
      typeof entry === 'object' && key in entry ? toRecord(name, type, entry[key]) : [],
    )
    if (records.length > 0) return records
    if (entries.includes('TIMEOUT')) return 'timeout'
    const alias = entries.find((entry) => typeof entry === 'object' && 'CNAME' in entry)
    if (typeof alias === 'object' && type !== 'CNAME') return look(String(alias.CNAME).toLowerCase(), type)
    return 'nodata'
  }

  return (name: string, type: RecordType): Promise<DnsAnswer> => {
    const found = look(name.toLowerCase().replace(/\.$/, ''), type)
    const [outcome, records] = typeof found === 'string' ? [found, []] : (['answer', found] as const)
    return Promise.resolve({ ...silentAnswer({ name, type }, 0, false), outcome, records: [...records] })
  }
}

function toRecord(name: string, type: RecordType, value: unknown): DnsRecord[] {
  if (value === 'NONE' || value === undefined) return []
  if (type === 'MX') {
    const [preference, exchange] = value as [number, string]
    return [{ name, type, ttl: 0, value: `${preference} ${exchange}`, preference, exchange }]
  }
  const strings = (Array.isArray(value) ? value : [value]).map(String)
  return [{ name, type, ttl: 0, value: strings.join(''), ...(type === 'TXT' ? { strings } : {}) }]
}

if (existsSync(SUITE)) {
  const scenarios = parseAllDocuments(readFileSync(SUITE, 'utf8')).map((document) => document.toJS() as Scenario)
  describe.each(scenarios.filter(Boolean).map((scenario) => [scenario.description, scenario] as const))(
    'RFC 7208: %s',
    (_, scenario) => {
      it.each(Object.entries(scenario.tests))('%s', async (_name, { helo, host, mailfrom, result }) => {
        const dns: DnsClient = { query: zoneOf(scenario.zonedata), zone: async () => NO_ZONE, fresh: () => dns }
        const world = { dns, signal: new AbortController().signal }
        const { result: given } = await createSpfEngine(world, helo).evaluate(host, { sender: mailfrom, helo })
        expect([result].flat()).toContain(given)
      })
    },
  )
} else {
  it('leaves the RFC 7208 suite out, because it is not beside the repository', () => {
    expect(existsSync(SUITE)).toBe(false)
  })
}
