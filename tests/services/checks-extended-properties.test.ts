import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDnsClient } from '#server/platform/dns/client'
import type { DnsClient } from '#server/platform/dns/types'
import { createHttpClient } from '#server/platform/http/http-client'
import type { HttpClient } from '#server/platform/http/types'
import { createMailClient } from '#server/platform/mail/mail-client'
import type { MailClient } from '#server/platform/mail/types'
import { standInPorts } from '#server/platform/stand-ins'
import { extendedCheck } from '#server/services/checks/extended'
import type { ExtendedTarget, ExtendedWorld } from '#server/services/checks/extended/contract'
import { EXTENDED_IDS, type ExtendedId } from '#shared/schemas/extended'
import { expectedMailHost } from '../../scripts/check/target'
import { startWorld, type World } from '../../world'
import { BLOCK_LIST } from '../../world/provider'
import { EXTRA_RECORDS } from '../../world/stories/hosts'
import { everyFault, meansTheSame, neverFails, type Subject } from '../helpers/dns-properties'
import { extendedTargetOf, verdictIn, zoneWorld } from '../helpers/extended'
import { mailWorld } from '../helpers/mail-facts'
import { recordDns } from '../helpers/recorded-dns'
import * as danes from '../reasons/extended/dane'
import * as signed from '../reasons/extended/dnssec'

/** Makes each connection once, and replays what came of it. */
function recordConnections(http: Pick<HttpClient, 'request'>, mail: MailClient): Pick<ExtendedWorld, 'http' | 'mail'> {
  const made = new Map<string, unknown>()
  const once = <T>(key: string, make: () => Promise<T>): Promise<T> => {
    const known = (made.get(key) as Promise<T> | undefined) ?? make()
    made.set(key, known)
    return known
  }
  return {
    // What is shared by all who ask must not end with the signal of the first.
    http: {
      request: (target) => once(`${target.url.href} ${target.address}`, () => http.request({ ...target, signal: undefined })),
    },
    mail: {
      look: (target) =>
        once(`${target.security} ${target.host} ${target.address} ${target.port}`, () =>
          mail.look({ ...target, signal: undefined }),
        ),
    },
  }
}

async function subjectOf(
  id: ExtendedId,
  target: ExtendedTarget,
  dns: DnsClient,
  parts: Partial<ExtendedWorld>,
): Promise<Subject> {
  const recorded = recordDns(dns)
  const look: Subject['look'] = (change) =>
    verdictIn(extendedCheck(id), zoneWorld({}, { ...parts, dns: recorded.client(change) }), target)
  const verdict = await look((answer) => answer)
  return { label: `${target.domain} ${id}`, questions: recorded.questions(), verdict, look }
}

function itHolds(subjects: readonly Subject[]) {
  it('no single answer that is missing makes a check fail', async () => {
    expect(await everyFault(subjects)).toEqual([])
  })

  it('no set of answers that are missing makes a check fail', () => neverFails(subjects))

  it('order, letter case and the cutting of texts change no verdict', () => meansTheSame(subjects))
}

describe('the extended checks over the whole sample world', () => {
  let world: World
  const subjects: Subject[] = []
  beforeAll(async () => {
    world = await startWorld()
    const reach = { allowNets: world.allowNets, portAt: standInPorts(world.standIns), extraCa: [world.caPem] }
    const connections = recordConnections(createHttpClient(reach), createMailClient({ ...reach, helo: 'vigia.example' }))
    const dns = createDnsClient({ ...reach, servers: world.resolvers, now: Date.now, queryTimeoutMs: 1_000 })
    const parts = { ...connections, now: Date.now, blockLists: () => Promise.resolve([BLOCK_LIST]) }
    const seenHosts = new Set<string | null>()
    for (const { body, mailHost } of world.domains()) {
      const input = world.mailHosts().find((host) => host.name === mailHost)
      const target = extendedTargetOf({
        ...{ domain: body.domain, dkim: body.dkim, sends: body.sends, receives: body.receives },
        mailHost: input ? expectedMailHost(input, input.name) : null,
        webmailHost: input ? (body.webmailHost ?? `mail.${body.domain}`) : null,
      })
      // The others are skipped without a mail host. Its ports are the same for all of its domains, and dear to look at.
      const isKnown = seenHosts.has(mailHost) && !(body.domain in EXTRA_RECORDS)
      const ids = EXTENDED_IDS.filter((id) => (input || !extendedCheck(id).needsMailHost) && !(id === 'client_ports' && isKnown))
      seenHosts.add(mailHost)
      subjects.push(...(await Promise.all(ids.map((id) => subjectOf(id, target, dns, parts)))))
    }
  })
  afterAll(() => world.close())

  it('have every kind of verdict to start from', () => {
    expect(new Set(subjects.map(({ verdict }) => verdict.status))).toEqual(
      new Set(['pass', 'info', 'warn', 'fail', 'unknown', 'skipped']),
    )
  })

  itHolds(subjects)
})

/** The resolvers of the sample world do not validate, so signed zones are added here. */
describe('the extended checks over signed zones', async () => {
  const mail = mailWorld(() => danes.shown())
  const zones = [
    ['dane', danes.zone(danes.secure(danes.KEY, danes.NEXT))],
    ['dane', danes.zone(danes.secure(danes.NEXT))],
    ['dnssec', { ...signed.UNSIGNED, 'SOA .': signed.signed(-10, 10), 'SOA example.org': signed.signed(-10, 10) }],
    ['dnssec', { ...signed.UNSIGNED, 'SOA example.org': signed.BOGUS, 'DS example.org': signed.DS }],
  ] as const
  itHolds(await Promise.all(zones.map(([id, zone]) => subjectOf(id, extendedTargetOf(), zoneWorld(zone).dns, { mail }))))
})
