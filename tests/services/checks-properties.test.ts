import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDnsClient } from '#server/platform/dns/client'
import type { DnsAnswer, DnsRecord } from '#server/platform/dns/types'
import { COLLECTORS } from '#server/services/checks/collectors'
import type { CheckTarget, Collector, Verdict } from '#server/services/checks/collectors/contract'
import type { CheckId } from '#shared/schemas/checks'
import { expectedMailHost } from '../../scripts/check/target'
import { startWorld, type World } from '../../world'
import { readSuite, stubOf, zoneOf } from '../conformance/spf-suite'
import { MAIL_HOST, targetOf } from '../helpers/check-facts'
import { faulty, questionOf, recordDns, type RecordedDns } from '../helpers/recorded-dns'
import { verdictOver } from '../reasons/contract'

const DNS_CHECKS = ['dns_mx', 'dns_spf', 'dns_dkim', 'dns_dmarc'] as const satisfies CheckId[]
const FAULTS = ['servfail', 'refused', 'timeout'] as const
type Fault = (typeof FAULTS)[number]

/** One domain, one check, its answers recorded, and the verdict that they lead to. */
interface Subject {
  label: string
  collector: Collector
  target: CheckTarget
  dns: RecordedDns
  questions: string[]
  verdict: Verdict
}

async function subjectOf(label: string, checkId: CheckId, target: CheckTarget, dns: RecordedDns): Promise<Subject> {
  const collector = COLLECTORS[checkId] as Collector
  const verdict = await verdictOver(collector, dns.client(), target)
  return { label: `${label} ${checkId}`, collector, target, dns, questions: dns.questions(), verdict }
}

const look = ({ collector, dns, target }: Subject, change: (answer: DnsAnswer) => DnsAnswer) =>
  verdictOver(collector, dns.client(change), target)

/** What a fault must not do: turn a verdict to `fail`, or blame the domain for something that was not its fault before. */
async function wrongfulFail(subject: Subject, faults: ReadonlyMap<string, Fault>): Promise<string | null> {
  const { verdict } = subject
  const seen = await look(subject, (answer) => {
    const fault = faults.get(questionOf(answer))
    return fault ? faulty(answer, fault) : answer
  })
  if (seen.status !== 'fail' || (verdict.status === 'fail' && (verdict.reason === seen.reason || isSameBlame(verdict, seen))))
    return null
  return `${subject.label}: ${verdict.status} ${verdict.reason} became fail ${seen.reason} by ${JSON.stringify([...faults])}`
}

/** Where the record stands by mistake may stay unknown; that there is none in its place is known all the same. */
const isSameBlame = (before: Verdict, after: Verdict) => before.reason === 'wrong-location' && after.reason === 'missing'

/** Each answer alone, by each fault; and all of them. */
async function everyFault(subject: Subject): Promise<string[]> {
  const single = subject.questions.flatMap((question) => FAULTS.map((fault) => new Map([[question, fault]])))
  const all = FAULTS.map((fault) => new Map(subject.questions.map((question) => [question, fault])))
  const found = await Promise.all([...single, ...all].map((faults) => wrongfulFail(subject, faults)))
  return found.filter((wrong) => wrong !== null)
}

/** Any number of answers, any faults. */
const someFaults = (subjects: readonly Subject[]) =>
  fc.constantFrom(...subjects).chain((subject) =>
    fc
      .array(fc.option(fc.constantFrom(...FAULTS)), { minLength: subject.questions.length, maxLength: subject.questions.length })
      .map((faults) => {
        const chosen = subject.questions.flatMap((question, at) => (faults[at] ? [[question, faults[at]] as const] : []))
        return { subject, faults: new Map<string, Fault>(chosen) }
      }),
  )

const neverFails = (subjects: readonly Subject[]) =>
  fc.assert(
    fc.asyncProperty(someFaults(subjects), async ({ subject, faults }) => {
      expect(await wrongfulFail(subject, faults)).toBeNull()
    }),
    { numRuns: 300 },
  )

/** Sorts by numbers drawn for it. */
function shuffled<T>(items: readonly T[], draws: readonly number[]): T[] {
  return items
    .map((item, at) => ({ item, key: draws[at % draws.length] ?? 0 }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item)
}

/** Letters of a name mean the same in either case (RFC 4343); every `mask`-th is turned. */
const turned = (text: string, mask: number) =>
  [...text].map((letter, at) => (at % mask === 0 ? letter.toUpperCase() : letter.toLowerCase())).join('')

/** SPF is case-insensitive (RFC 7208 §4.6.1), but a capital macro letter escapes. */
const turnedText = (text: string, mask: number) => (/^v=spf1/i.test(text) && !text.includes('%') ? turned(text, mask) : text)

function split(text: string, at: number): string[] {
  return text.length > 1 ? [text.slice(0, at % text.length), text.slice(at % text.length)] : [text]
}

function rewritten(one: DnsRecord, mask: number, cut: number): DnsRecord {
  if (one.exchange !== undefined) return { ...one, exchange: turned(one.exchange, mask), value: turned(one.value, mask) }
  if (one.type !== 'TXT') return one
  const value = turnedText(one.value, mask)
  return { ...one, value, strings: split(value, cut) }
}

const meansTheSame = (subjects: readonly Subject[]) =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...subjects),
      fc.array(fc.nat(1_000), { minLength: 12, maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(400),
      async (subject, draws, mask, cut) => {
        const { status, reason } = await look(subject, (answer) => ({
          ...answer,
          records: shuffled(answer.records, draws).map((one) => rewritten(one, mask, cut)),
        }))
        expect({ subject: subject.label, status, reason }).toEqual({
          ...{ subject: subject.label, status: subject.verdict.status, reason: subject.verdict.reason },
        })
      },
    ),
    { numRuns: 300 },
  )

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
    expect((await Promise.all(subjects.map(everyFault))).flat()).toEqual([])
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
      expect((await Promise.all(subjects.map(everyFault))).flat()).toEqual([])
    })

    it('no set of answers that are missing makes SPF fail', () => neverFails(subjects))

    it('order, letter case and the cutting of texts change no verdict', () => meansTheSame(subjects))
  })
} else {
  it('leaves the RFC 7208 suite out, because it is not beside the repository', () => {
    expect(suite).toEqual([])
  })
}
