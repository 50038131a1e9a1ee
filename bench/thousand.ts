import type { CeilingOrder, CeilingResult, CycleResult } from './children/cycle'
import { startChild } from './lib/child'
import { type Benchmark, show, upTo } from './lib/report'
import { DELAY_MS, startBenchWorld } from './lib/world'
import { withWorkspace } from './lib/workspace'
import { seed } from './seed'

const DOMAINS = 1_000

/** How long a cycle over a thousand domains takes that are all due at once, and how much memory. */
export const thousand: Benchmark = {
  about: '1,000 domains, all due at once: time and memory of the cycle',
  run: () =>
    withWorkspace(async ({ dataDir, keep }) => {
      const world = keep(await startBenchWorld(dataDir, { domains: DOMAINS }))
      await seed(world.env, world.sample, { dueAt: () => Date.now() })
      const child = keep(startChild('cycle', { ...world.env, AUDIT_INTERVAL_SEC: '86400' }))
      const { ms, rssMb, healthy } = await child.next<CycleResult>()
      const { dnsQuestions, tls, plain } = await world.traffic()
      const { loginPath } = world.sample.mailHosts[0]!.webmail
      child.send({ domains: DOMAINS, dnsQuestions, tls, plain, ports: world.ports, loginPath } satisfies CeilingOrder)
      const { bareDns, bareDomains } = await child.next<CeilingResult>()
      const seconds = (milliseconds: number) => milliseconds / 1_000
      return {
        title: `${DOMAINS} domains through the cycle into SQLite, ${DELAY_MS} ms network delay, n = 1`,
        figures: [
          {
            figure: 'time',
            ...upTo(60, 's', seconds(ms)),
            ceiling: `${show(seconds(bareDomains.ms))} s: the same exchanges, bare, 16 domains at a time`,
          },
          {
            figure: 'of that, DNS questions',
            measured: `${dnsQuestions}`,
            ceiling: `${show(seconds(bareDns.ms))} s: as many, bare dns2, 64 at a time`,
          },
          // All of them are healthy in the world: what is called otherwise was our own slowness.
          { figure: 'judged healthy, as they are', measured: `${healthy}`, goal: `${DOMAINS}`, met: healthy === DOMAINS },
          { figure: 'domains a second', measured: show(DOMAINS / seconds(ms)) },
          { figure: 'largest memory (RSS)', ...upTo(400, 'MB', rssMb) },
        ],
      }
    }),
}
