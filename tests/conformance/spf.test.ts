import { Packet } from 'dns2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDnsClient } from '#server/platform/dns/client'
import { RECORD_TYPES, type DnsClient, type DnsRecord } from '#server/platform/dns/types'
import { createSpfEngine } from '#server/services/checks/collectors/spf-engine'
import { record, startDnsServer, type TestDnsServer, type ZoneReply } from '../helpers/dns-server'
import { hasSuite, readSuite, stubOf, zoneOf, type Scenario, type SuiteCase, type SuiteZone } from './spf-suite'

/** 203 cases are in the suite: less means that it was read wrongly. */
const CASES = 203
const suite = readSuite()
const scenarios = suite.map((scenario) => [scenario.description, scenario] as const)

async function evaluate(dns: DnsClient, { helo, host, mailfrom }: SuiteCase): Promise<string> {
  const world = { dns, signal: new AbortController().signal }
  return (await createSpfEngine(world, helo).evaluate(host, { sender: mailfrom, helo })).result
}

const RDATA: Partial<Record<string, (one: DnsRecord) => Record<string, unknown>>> = {
  A: ({ name, value }) => record.a(name, value),
  AAAA: ({ name, value }) => record.aaaa(name, value),
  // An MX without a name is a null MX, the root (RFC 7505 §3).
  MX: ({ name, preference, exchange }) => record.mx(name, preference ?? 0, (exchange ?? '').replace(/\.$/, '')),
  PTR: ({ name, value }) => ({ name, type: Packet.TYPE.PTR, ttl: 300, domain: value.replace(/\.$/, '') }),
  TXT: ({ name, value, strings }) =>
    record.txt(
      name,
      (strings ?? [value]).map((text) => Buffer.from(text, 'latin1')),
    ),
}

/** What a recursive resolver puts on the wire for a zone; null for silence. */
function replyOf(zone: SuiteZone, name: string, type: number): ZoneReply | null {
  const asked = RECORD_TYPES.find((one) => one === Packet.TYPE_NAME[type])
  if (!asked) return {}
  const { outcome, records, cnames } = zone(name, asked)
  if (outcome === 'timeout') return null
  const chain = cnames.map((target, at) => record.cname(at === 0 ? name : (cnames[at - 1] ?? name), target))
  const found = records.map((one) => RDATA[asked]?.(one) ?? { ...one })
  const soa = found.length === 0 ? [record.soa(cnames.at(-1) ?? name, 60)] : []
  return { rcode: outcome === 'nxdomain' ? Packet.RCODE.NXDOMAIN : 0, answers: [...chain, ...found], authorities: soa }
}

function describeSuite(how: string, clientOf: (scenario: Scenario) => DnsClient) {
  describe.each(scenarios)(`RFC 7208, ${how}: %s`, (_, scenario) => {
    it.concurrent.each(Object.entries(scenario.tests))('%s', async (_name, test) => {
      expect([test.result].flat()).toContain(await evaluate(clientOf(scenario), test))
    })
  })
}

if (hasSuite) {
  it('has every case of the suite', () => {
    expect(suite.flatMap((scenario) => Object.keys(scenario.tests))).toHaveLength(CASES)
  })

  describeSuite('without a network', (scenario) => stubOf(zoneOf(scenario)))

  describe('over the wire', () => {
    const servers = new Map<Scenario, TestDnsServer>()
    beforeAll(async () => {
      for (const scenario of suite) {
        const zone = zoneOf(scenario)
        servers.set(scenario, await startDnsServer(({ name, type }) => replyOf(zone, name, type)))
      }
    })
    afterAll(() => Promise.all([...servers.values()].map((server) => server.close())))

    describeSuite('over the wire', (scenario) =>
      createDnsClient({ servers: [servers.get(scenario)?.address ?? ''], now: Date.now, queryTimeoutMs: 2_000 }),
    )
  })
} else {
  it('leaves the RFC 7208 suite out, because it is not beside the repository', () => {
    expect(hasSuite).toBe(false)
  })
}
