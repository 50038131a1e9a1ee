import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDnsClient } from '#server/platform/dns/client'
import { COLLECTORS } from '#server/services/checks/collectors'
import type { CheckTarget, Collector } from '#server/services/checks/collectors/contract'
import type { CheckId } from '#shared/schemas/checks'
import { expectedMailHost } from '../../scripts/check/target'
import { startWorld, type World } from '../../world'
import { readSuite, stubOf, zoneOf } from '../conformance/spf-suite'
import { MAIL_HOST, targetOf } from '../helpers/check-facts'
import { everyFault, meansTheSame, neverFails, type Subject } from '../helpers/dns-properties'
import { recordDns, type RecordedDns } from '../helpers/recorded-dns'
import { verdictOver } from '../reasons/contract'

const DNS_CHECKS = ['dns_mx', 'dns_spf', 'dns_dkim', 'dns_dmarc'] as const satisfies CheckId[]

async function subjectOf(label: string, checkId: CheckId, target: CheckTarget, dns: RecordedDns): Promise<Subject> {
  const look: Subject['look'] = (change) => verdictOver(COLLECTORS[checkId] as Collector, dns.client(change), target)
  const verdict = await look((answer) => answer)
  return { label: `${label} ${checkId}`, questions: dns.questions(), verdict, look }
}

describe('over the whole sample world', () => {
  let world: World
  const subjects: Subject[] = []
  beforeAll(async () => {
    world = await startWorld()
    const dns = createDnsClient({ servers: world.resolvers, now: Date.now, queryTimeoutMs: 1_000 })
    const hosts = new Map(world.mailHosts().map((host) => [host.name, expectedMailHost(host, host.name)]))
    const found = world.domains().map(async ({ body, mailHost }) => {
      const target = targetOf({ ...body, mailHost: hosts.get(mailHost ?? '') ?? null, webmailHost: null })
      return Promise.all(DNS_CHECKS.map((checkId) => subjectOf(body.domain, checkId, target, recordDns(dns))))
    })
    subjects.push(...(await Promise.all(found)).flat())
  }, 60_000)
  afterAll(() => world.close())

  it('has every verdict to start from', () => {
    expect(subjects.length).toBe(world.domains().length * DNS_CHECKS.length)
    expect(new Set(subjects.map(({ verdict }) => verdict.status))).toEqual(
      new Set(['pass', 'warn', 'fail', 'unknown', 'skipped']),
    )
  })

  it('no single answer that is missing makes a check fail', async () => {
    expect(await everyFault(subjects)).toEqual([])
  })

  it('no set of answers that are missing makes a check fail', () => neverFails(subjects))

  it('order, letter case and the cutting of texts change no verdict', () => meansTheSame(subjects))
})

const suite = readSuite()
if (suite.length > 0) {
  describe('over the whole suite of RFC 7208', () => {
    const subjects: Subject[] = []
    beforeAll(async () => {
      for (const scenario of suite)
        for (const [name, { host, mailfrom, helo }] of Object.entries(scenario.tests)) {
          const domain = (mailfrom.split('@').at(-1) || helo).toLowerCase()
          const target = targetOf({ domain, mailHost: { ...MAIL_HOST, sendingAddresses: [host] } })
          subjects.push(await subjectOf(name, 'dns_spf', target, recordDns(stubOf(zoneOf(scenario)))))
        }
    })

    it('no single answer that is missing makes SPF fail', async () => {
      expect(await everyFault(subjects)).toEqual([])
    })

    it('no set of answers that are missing makes SPF fail', () => neverFails(subjects))

    it('order, letter case and the cutting of texts change no verdict', () => meansTheSame(subjects))
  })
} else {
  it('leaves the RFC 7208 suite out, because it is not beside the repository', () => {
    expect(suite).toEqual([])
  })
}
