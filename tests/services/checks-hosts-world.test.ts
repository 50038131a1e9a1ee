import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDnsClient } from '#server/platform/dns/client'
import { createHttpClient } from '#server/platform/http/http-client'
import { createTlsClient } from '#server/platform/http/tls-client'
import { createMailClient } from '#server/platform/mail/mail-client'
import { standInPorts } from '#server/platform/stand-ins'
import { runExtended, type ExtendedOutcome } from '#server/services/checks/extended/engine'
import { renderExtended } from '#server/services/checks/extended/render'
import { SharedLooks } from '#server/services/checks/extended/shared-looks'
import { createRunWorld } from '#server/services/checks/run-world'
import { CheckResult } from '#shared/schemas/checks'
import type { ExtendedId } from '#shared/schemas/extended'
import { expectedMailHost } from '../../scripts/check/target'
import { startWorld, type World } from '../../world'
import type { DnsFault } from '../../world/dns/faults'
import { BLOCK_LIST } from '../../world/provider'
import { STORIES } from '../../world/stories'
import { DOMAIN_VERDICTS, HOST_VERDICTS, type ExpectedExtended } from '../../world/stories/hosts'

const IDS = ['fcrdns', 'smtp_tls', 'client_ports', 'autoconfig', 'web_headers', 'block_lists'] as const satisfies ExtendedId[]

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

/** The clients of the portal beside the sample world. */
function createClients(queryTimeoutMs: number) {
  const options = { allowNets: world.allowNets, portAt: standInPorts(world.standIns), extraCa: [world.caPem] }
  const mail = createMailClient({ ...options, helo: 'vigia.example' })
  const looks: string[] = []
  return {
    looks,
    tls: createTlsClient(options),
    http: createHttpClient(options),
    dns: createDnsClient({ ...options, servers: world.resolvers, now: Date.now, queryTimeoutMs }),
    mail: {
      look: (target: Parameters<typeof mail.look>[0]) => {
        looks.push(`${target.address} ${target.port}`)
        return mail.look(target)
      },
    },
  }
}

function targetOf(name: string) {
  const { body, mailHost } = world.domains().find((one) => one.body.domain === name)!
  const input = world.mailHosts().find((host) => host.name === mailHost)
  return {
    ...{ domain: body.domain, dkim: body.dkim, sends: body.sends, receives: body.receives },
    mailHost: input ? expectedMailHost(input, input.name) : null,
    webmailHost: input ? (body.webmailHost ?? `mail.${body.domain}`) : null,
  }
}

function createLooker({ queryTimeoutMs = 4_000 } = {}) {
  const { looks: connections, ...clients } = createClients(queryTimeoutMs)
  const runWorld = createRunWorld({
    ...{ config: { allowNets: world.allowNets }, ...clients, now: Date.now, random: Math.random, lagMs: () => 0 },
    canary: { name: '.', type: 'NS' },
  })
  const looks = new SharedLooks(Date.now)
  const look = (domain: string, ids: readonly ExtendedId[]): Promise<ExtendedOutcome[]> =>
    runExtended(runWorld, {
      ...{ ids, target: targetOf(domain), looks, memoryOf: () => null },
      blockLists: () => Promise.resolve([BLOCK_LIST]),
      onFault: (id, error) => {
        throw new Error(`${id} threw`, { cause: error })
      },
    })
  return { look, connections }
}

/** A domain of each host whose webmail is in order, and those with verdicts of their own. */
const DECLARED: [string, Partial<Record<ExtendedId, ExpectedExtended>>][] = [
  ['umbrella.example', HOST_VERDICTS.lisboa],
  ['wayneprint.example', HOST_VERDICTS.porto],
  ...(['aarhus', 'bergen', 'faro', 'evora'] as const).map((key): [string, (typeof HOST_VERDICTS)['faro']] => [
    STORIES.find((story) => story.mailHost === key)!.domain,
    HOST_VERDICTS[key],
  ]),
  ...Object.entries(DOMAIN_VERDICTS),
]

describe('what the extended checks of hosts say of the sample world', () => {
  it.each(DECLARED)('%s %j', async (domain, expected) => {
    const ids = IDS.filter((id) => expected[id])
    const outcomes = await createLooker().look(domain, ids)
    const told = Object.fromEntries(outcomes.map(({ checkId, status, reason }) => [checkId, { status, reason }]))
    expect(told).toEqual(Object.fromEntries(ids.map((id) => [id, expected[id]])))
    for (const outcome of outcomes) {
      const words = renderExtended(outcome.checkId, outcome, targetOf(domain))
      expect(CheckResult.pick({ message: true, rule: true, fix: true }).parse(words)).toEqual(words)
      expect(JSON.stringify(words)).not.toMatch(/undefined|\[object|NaN/)
    }
  })

  it('come from one look at each address and port for all domains of a host', async () => {
    const { look, connections } = createLooker()
    const domains = STORIES.filter(({ mailHost, web }) => mailHost === 'lisboa' && !web).slice(0, 8)
    for (const { domain } of domains) await look(domain, ['smtp_tls', 'fcrdns'])
    expect([...new Set(connections)].sort()).toEqual([...connections].sort())
  })

  it('stay the same: what evidence calls found does not move', async () => {
    const ids = IDS.filter((id) => id !== 'block_lists')
    const [one, other] = [await createLooker().look('umbrella.example', ids), await createLooker().look('umbrella.example', ids)]
    expect(other.map(({ evidence }) => evidence.found)).toEqual(one.map(({ evidence }) => evidence.found))
  })

  it.each<[DnsFault]>([['servfail'], ['refused'], ['timeout'], ['truncated']])(
    'is no failure while the resolver is out of order: %s',
    async (fault) => {
      world.faults.dns(fault)
      try {
        const { look } = createLooker({ queryTimeoutMs: 100 })
        const outcomes = await Promise.all(DECLARED.map(([domain]) => look(domain, IDS)))
        expect(outcomes.flat().filter(({ status }) => status === 'fail' || status === 'warn')).toEqual([])
      } finally {
        world.faults.dns(null)
      }
    },
  )
})
