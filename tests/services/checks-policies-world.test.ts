import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDnsClient } from '#server/platform/dns/client'
import { createHttpClient } from '#server/platform/http/http-client'
import { createTlsClient } from '#server/platform/http/tls-client'
import { createMailClient } from '#server/platform/mail/mail-client'
import { standInPorts } from '#server/platform/stand-ins'
import type { Memory } from '#server/services/checks/extended/contract'
import { runExtended, type ExtendedOutcome } from '#server/services/checks/extended/engine'
import { SharedLooks } from '#server/services/checks/extended/shared-looks'
import { createRunWorld } from '#server/services/checks/run-world'
import type { ExtendedId } from '#shared/schemas/extended'
import { expectedMailHost } from '../../scripts/check/target'
import { startWorld, type World } from '../../world'
import type { DnsFault } from '../../world/dns/faults'
import { POLICY_VERDICTS } from '../../world/stories/policies'

const IDS = ['mta_sts', 'tls_rpt', 'dane', 'dnssec', 'caa', 'bimi', 'delegation'] as const satisfies ExtendedId[]

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

function targetOf(name: string) {
  const { body, mailHost } = world.domains().find((one) => one.body.domain === name)!
  const input = world.mailHosts().find((host) => host.name === mailHost)
  return {
    ...{ domain: body.domain, dkim: body.dkim, sends: body.sends, receives: body.receives },
    mailHost: input ? expectedMailHost(input, input.name) : null,
    webmailHost: input ? (body.webmailHost ?? `mail.${body.domain}`) : null,
  }
}

function look(
  domain: string,
  ids: readonly ExtendedId[],
  { queryTimeoutMs = 4_000, memory = null as Memory | null } = {},
): Promise<ExtendedOutcome[]> {
  const options = { allowNets: world.allowNets, portAt: standInPorts(world.standIns), extraCa: [world.caPem] }
  const runWorld = createRunWorld({
    ...{ config: { allowNets: world.allowNets }, tls: createTlsClient(options), lagMs: () => 0 },
    ...{ now: Date.now, random: Math.random, canary: { name: '.', type: 'NS' } },
    dns: createDnsClient({ ...options, servers: world.resolvers, now: Date.now, queryTimeoutMs }),
    http: createHttpClient(options),
    mail: createMailClient({ ...options, helo: 'vigia.example' }),
  })
  return runExtended(runWorld, {
    ...{ ids, target: targetOf(domain), looks: new SharedLooks(Date.now), memoryOf: () => memory },
    blockLists: () => Promise.resolve([]),
    onFault: (id, error) => {
      throw new Error(`${id} threw`, { cause: error })
    },
  })
}

describe('what the extended checks of policies say of the sample world', () => {
  it.each(Object.entries(POLICY_VERDICTS))('%s %j', async (domain, expected) => {
    const ids = IDS.filter((id) => expected[id])
    const outcomes = await look(domain, ids)
    const told = Object.fromEntries(outcomes.map(({ checkId, status, reason }) => [checkId, { status, reason }]))
    expect(told).toEqual(expected)
  })

  it('takes a policy over TLS, and remembers what stood under its id', async () => {
    const [first] = await look('umbrella.example', ['mta_sts'])
    expect(first).toMatchObject({ status: 'pass', reason: 'ok', memory: { id: '20260101' } })
    const [second] = await look('umbrella.example', ['mta_sts'], { memory: { id: '20260101', digest: 'of another policy' } })
    expect(second).toMatchObject({ status: 'warn', reason: 'id-unchanged' })
    world.zones.set('umbrella.example', 'MX', ['10 mx1.other-provider.example'])
    const [third] = await look('umbrella.example', ['mta_sts'])
    expect(third).toMatchObject({ status: 'fail', reason: 'mx-not-covered' })
  })

  it.each<[DnsFault]>([['servfail'], ['refused'], ['timeout'], ['truncated']])(
    'is no failure while the resolver is out of order: %s',
    async (fault) => {
      world.faults.dns(fault)
      try {
        const all = Object.keys(POLICY_VERDICTS).map((domain) => look(domain, IDS, { queryTimeoutMs: 100 }))
        expect((await Promise.all(all)).flat().filter(({ status }) => status === 'fail' || status === 'warn')).toEqual([])
      } finally {
        world.faults.dns(null)
      }
    },
  )
})
