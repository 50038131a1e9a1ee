import type { OneDomainResult } from './children/one-domain'
import { startChild } from './lib/child'
import { type Benchmark, show, upTo } from './lib/report'
import { median, quantile } from './lib/stats'
import { DELAY_MS, startBenchWorld } from './lib/world'
import { withWorkspace } from './lib/workspace'
import { seed } from './seed'

const ROUNDS = 50
const HOUR_MS = 3_600_000

/** How long one domain takes from the tick that finds it due until its verdicts are stored. */
export const oneDomain: Benchmark = {
  about: 'one domain: claimed, looked at by eight checks, stored; nothing cached',
  run: () =>
    withWorkspace(async ({ dataDir, keep }) => {
      const world = keep(await startBenchWorld(dataDir, { domains: ROUNDS + 1 }))
      const env = { ...world.env, AUDIT_INTERVAL_SEC: '86400' }
      // None is due before its turn.
      await seed(world.env, world.sample, { dueAt: () => Date.now() + HOUR_MS })
      const settings = { ...env, ROUNDS: String(ROUNDS), WEBMAIL_PORT: String(world.ports.https) }
      const { cycles, chains } = await keep(startChild('one-domain', settings)).next<OneDomainResult>()
      const ceiling = (value: number) => `${show(value)} ms: 2 DNS + 2 HTTPS exchanges, one after the other`
      return {
        title: `one domain's whole cycle, cold, ${DELAY_MS} ms network delay, n = ${ROUNDS}`,
        figures: [
          { figure: 'median', ...upTo(1_000, 'ms', median(cycles)), ceiling: ceiling(median(chains)) },
          { figure: 'p99', ...upTo(1_000, 'ms', quantile(cycles, 0.99)), ceiling: ceiling(quantile(chains, 0.99)) },
        ],
      }
    }),
}
