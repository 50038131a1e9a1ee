import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDnsClient } from '#server/platform/dns/client'
import { createHttpClient } from '#server/platform/http/http-client'
import { createTlsClient } from '#server/platform/http/tls-client'
import type { HttpClient, HttpResult, HttpTarget, TlsClient } from '#server/platform/http/types'
import { createMailClient } from '#server/platform/mail/mail-client'
import type { MailClient } from '#server/platform/mail/types'
import { standInPorts } from '#server/platform/stand-ins'
import type { CheckTarget } from '#server/services/checks/collectors/contract'
import { runChecks, type CheckOutcome } from '#server/services/checks/engine'
import { reasonFor } from '#server/services/checks/reasons'
import { renderVerdict } from '#server/services/checks/render'
import { createRunWorld } from '#server/services/checks/run-world'
import { CheckId, CheckResult } from '#shared/schemas/checks'
import { expectedMailHost } from '../../scripts/check/target'
import { startWorld, type World, type WorldDomain } from '../../world'
import type { DnsFault } from '../../world/dns/faults'
import { STORIES } from '../../world/stories'

let world: World
let http: HttpClient
let tls: TlsClient
let mail: MailClient
beforeAll(async () => {
  world = await startWorld()
  const options = { allowNets: world.allowNets, extraCa: [world.caPem] }
  http = unhurried(createHttpClient(options))
  tls = createTlsClient(options)
  mail = createMailClient({ ...options, helo: 'vigia.example' })
})
afterAll(() => world.close())

/** On a busy machine everything is slow at times: only the host whose story it is may be so. */
function unhurried(client: HttpClient): HttpClient {
  const paced = async <T extends Pick<HttpTarget, 'url'>>(target: T, ask: (target: T) => Promise<HttpResult>) => {
    const result = await ask(target)
    return target.url.hostname === 'mail.umbrella-logistics.example' ? result : { ...result, latencyMs: 0 }
  }
  return {
    request: (target) => paced(target, client.request),
    visit() {
      const visit = client.visit()
      return {
        handshake: (target) => visit.handshake(target),
        get: (target) => paced(target, (one) => visit.get(one)),
        close: () => visit.close(),
      }
    },
  }
}

function targetOf({ body, mailHost }: WorldDomain): CheckTarget {
  const input = world.mailHosts().find((host) => host.name === mailHost)
  return {
    domain: body.domain,
    mailHost: input ? expectedMailHost(input, input.name) : null,
    dkim: body.dkim,
    sends: body.sends,
    receives: body.receives,
    webmailHost: input ? (body.webmailHost ?? `mail.${body.domain}`) : null,
  }
}

/** Looks at a domain as a person's run would: through the real clients, all caches empty. */
function look(target: CheckTarget, queryTimeoutMs = 4_000): Promise<CheckOutcome[]> {
  const reach = { allowNets: world.allowNets, portAt: standInPorts(world.standIns) }
  const dns = createDnsClient({ ...reach, servers: world.resolvers, now: Date.now, queryTimeoutMs })
  const canary = { name: '.', type: 'NS' } as const
  const runWorld = createRunWorld({
    config: { allowNets: world.allowNets },
    dns,
    http,
    tls,
    mail,
    now: Date.now,
    random: Math.random,
    lagMs: () => 0,
    canary,
  })
  const onFault = (checkId: string, error: unknown) => {
    throw new Error(`${checkId} threw`, { cause: error })
  }
  return runChecks(runWorld, target, { onFault })
}

const domainOf = (name: string): WorldDomain => {
  const found = world.domains().find((one) => one.body.domain === name)
  if (!found) throw new Error(`no story of ${name}`)
  return found
}
const verdictsOf = (outcomes: CheckOutcome[]) =>
  Object.fromEntries(outcomes.map(({ checkId, status, reason }) => [checkId, { status, reason }]))

describe('the stories of the sample world', () => {
  it.each(STORIES.map((story) => [story.domain, story.story]))('%s: %s', async (name) => {
    const domain = domainOf(name)
    const target = targetOf(domain)
    const outcomes = await look(target)
    expect(verdictsOf(outcomes)).toEqual(domain.expect)
    for (const outcome of outcomes) {
      const told = renderVerdict(outcome.checkId, outcome, target)
      expect(CheckResult.pick({ message: true, rule: true, fix: true }).parse(told)).toEqual(told)
      expect(told.message).not.toMatch(/\bundefined\b(?!\.$)|\[object|NaN/)
      expect(reasonFor(outcome.checkId, outcome.reason).message(outcome.params)).toBe(told.message)
      expect(JSON.stringify(outcome)).not.toContain(target.mailHost?.adminPassword ?? 'sample-world-only')
    }
  })

  it('cost few connections: one for each name and address, over TLS and without, and at most one to the admin service', async () => {
    const target = targetOf(domainOf('umbrella.example'))
    const before = world.webConnections()
    await look(target)
    const after = world.webConnections()
    const made = { https: after.https - before.https, http: after.http - before.http, admin: after.admin - before.admin }
    // Over TLS: the name at its two addresses, a stranger's name at both, the health of the mail host.
    expect(made).toMatchObject({ https: 5, http: 2 })
    // Sign-in and domain go over one connection, which may be kept from a look before.
    expect(made.admin).toBeLessThanOrEqual(1)
  })

  it('find the same again: what evidence calls found does not move', async () => {
    const target = targetOf(domainOf('umbrella.example'))
    const [first, second] = [await look(target), await look(target)]
    expect(second.map((outcome) => outcome.evidence.found)).toEqual(first.map((outcome) => outcome.evidence.found))
    expect(first.map((outcome) => outcome.checkId)).toEqual(CheckId.options)
  })
})

/** Fails while no name can be resolved; the front ends are asked by address, so what is wrong with them stays so. */
async function wrongFails(domain: WorldDomain): Promise<string[]> {
  const outcomes = await look(targetOf(domain), 100)
  const isRight = (checkId: string) => checkId === 'nginx_vhost' && domain.expect.nginx_vhost.status === 'fail'
  return outcomes
    .filter(({ checkId, status }) => status === 'fail' && !isRight(checkId))
    .map(({ checkId, reason }) => `${domain.body.domain} ${checkId} ${reason}`)
}

describe('a resolver that is out of order', () => {
  it.each<[DnsFault]>([['servfail'], ['refused'], ['timeout'], ['truncated']])(
    'fails no check of any domain: %s',
    async (fault) => {
      world.faults.dns(fault)
      try {
        const failed: string[] = []
        const queue = world.domains()
        const lane = async () => {
          for (let domain = queue.shift(); domain; domain = queue.shift()) failed.push(...(await wrongFails(domain)))
        }
        await Promise.all(Array.from({ length: 8 }, lane))
        expect(failed).toEqual([])
      } finally {
        world.faults.dns(null)
      }
    },
    // Every domain of the table, four times.
    90_000,
  )

  it('is not blamed on the domain when only one of two resolvers is', async () => {
    world.faults.dns('servfail', { resolver: 0 })
    try {
      const domain = domainOf('umbrella.example')
      expect(verdictsOf(await look(targetOf(domain)))).toEqual(domain.expect)
    } finally {
      world.faults.dns(null, { resolver: 0 })
    }
  })
})
