import type { CeilingOrder, CeilingResult, CycleResult } from './children/cycle'
import { startChild } from './lib/child'
import { compileChild } from './lib/compile'
import { atLeast, type Benchmark, type Figure, show, upTo } from './lib/report'
import { DELAY_MS, startBenchWorld, type Traffic } from './lib/world'
import { withWorkspace } from './lib/workspace'
import { seed } from './seed'

const DOMAINS = 10_000
const MAIL_HOSTS = 30
const INTERVAL_MS = 600_000

interface Measured extends CycleResult, Traffic {}

/** What a whole cycle costs: the first look at every domain, then one that finds them as they were, which is what every later cycle is. */
export const tenThousand: Benchmark = {
  about: '10,000 domains, all due at once: pace, processor, memory and event loop of the cycle',
  run: ({ domains = DOMAINS }) =>
    withWorkspace(async ({ dataDir, keep }) => {
      const world = keep(await startBenchWorld(dataDir, { domains, ownCertificates: true, mailHosts: MAIL_HOSTS }))
      await seed(world.env, world.sample, { dueAt: () => Date.now() })
      await world.traffic()
      const { file } = keep(await compileChild('cycle'))
      // A process each: nothing that the first keeps spares the second a question.
      const cycle = async () => {
        const child = keep(startChild('cycle', { ...world.env, AUDIT_INTERVAL_SEC: '86400' }, file))
        return { child, measured: { ...(await child.next<CycleResult>()), ...(await world.traffic()) } }
      }
      const first = await cycle()
      await first.child.end()
      const again = await cycle()
      const { dnsQuestions, tls, plain } = again.measured
      const { loginPath } = world.sample.mailHosts[0]!.webmail
      again.child.send({ domains, dnsQuestions, tls, plain, ports: world.ports, loginPath } satisfies CeilingOrder)
      const bare = await again.child.next<CeilingResult>()
      const about = `${domains} domains on ${MAIL_HOSTS} mail hosts, all due at once, into SQLite, ${DELAY_MS} ms network delay`
      return {
        title: `${about}; each later cycle (the first one beside it), n = 1`,
        figures: figures(domains, first.measured, again.measured, bare),
      }
    }),
}

function figures(
  domains: number,
  first: Measured,
  { ms, cpuMs, rssMb, healthy, lateMs, ownLateMs, dnsQuestions, tls, plain }: Measured,
  { bareDns, ourDns, bareDomains }: CeilingResult,
): Figure[] {
  const pace = (count: number, took: number) => (count * 1_000) / took
  const barePace = pace(bareDomains.domains, bareDomains.ms)
  const asBare = (name: string, took: number) => `${show(pace(dnsQuestions, took))} /s: ${name}, 64 at a time`
  const shareOf = (ceiling: number, measured: number) => (measured * 100) / ceiling
  return [
    {
      figure: 'domains a second',
      measured: `${show(pace(domains, ms))} (${show(pace(domains, first.ms))})`,
      ceiling: `${show(barePace)} /s: their DNS questions, TLS and HTTP exchanges, bare, 16 domains at a time`,
    },
    // Why this is the goal and the next share is none: docs/adr/0007.
    { figure: 'the pace, of the same exchanges bare', ...atLeast(60, '%', shareOf(barePace, pace(domains, ms))) },
    {
      figure: 'DNS questions a second',
      measured: `${show(pace(dnsQuestions, ms))} (${show(pace(first.dnsQuestions, first.ms))})`,
      ceiling: asBare('the same number, bare dns2 and nothing else', bareDns.ms),
    },
    {
      figure: 'the pace, of the DNS questions alone bare',
      measured: `${show(shareOf(ms, bareDns.ms))} %`,
    },
    {
      figure: 'our DNS client alone',
      measured: asBare('the same number, nothing kept', ourDns.ms),
      ceiling: `${show(bareDns.cpuMs / ourDns.cpuMs)} of our processor time: bare dns2`,
    },
    {
      figure: 'processor time a domain',
      measured: `${show(cpuMs / domains)} ms (${show(first.cpuMs / domains)} ms)`,
      ceiling: `${show(bareDomains.cpuMs / bareDomains.domains)} ms: the same exchanges, bare`,
    },
    {
      figure: '10,000 of them in 600 s, of one core',
      ...upTo(50, '%', ((cpuMs / domains) * DOMAINS * 100) / INTERVAL_MS),
    },
    { figure: 'a domain: DNS questions, TLS connections, plain ones', measured: perDomain([dnsQuestions, tls, plain], domains) },
    { figure: 'event-loop delay, median', measured: `${show(lateMs.median)} ms` },
    { figure: 'event-loop delay, p99', ...upTo(50, 'ms', lateMs.p99) },
    { figure: 'event-loop delay, worst', measured: `${show(lateMs.worst)} ms` },
    {
      figure: 'event-loop delay of our own doing: median, p99, worst',
      measured: `${[ownLateMs.median, ownLateMs.p99, ownLateMs.worst].map(show).join(', ')} ms`,
    },
    { figure: 'largest memory (RSS)', measured: `${show(rssMb)} MB (${show(first.rssMb)} MB)` },
    // All of them are healthy in the world: what is called otherwise was our own slowness.
    {
      figure: 'judged healthy, as they are',
      measured: `${healthy} (${first.healthy})`,
      goal: `${domains}`,
      met: healthy === domains,
    },
  ]
}

const perDomain = (counts: number[], domains: number) => counts.map((count) => show(count / domains)).join(', ')
