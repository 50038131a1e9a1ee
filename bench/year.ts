import type { YearResult } from './children/year'
import { startChild } from './lib/child'
import { type Benchmark, show, upTo } from './lib/report'
import { withWorkspace } from './lib/workspace'
import { RATES } from './lib/year-plan'

const DOMAINS = 1_000
const SHOWN = 5

/** How much the database of a thousand domains grows in a year, on a clock that is set by hand. */
export const year: Benchmark = {
  about: '1,000 domains through a simulated year: growth of the database',
  run: () =>
    withWorkspace(async ({ dataDir, keep }) => {
      // Looks that find nothing new leave nothing, so a day apart they are as good as ten minutes.
      const env = { VIGIA_DATA_DIR: dataDir, DOMAINS: String(DOMAINS), AUDIT_INTERVAL_SEC: '86400' }
      const result = await keep(startChild('year', env)).next<YearResult>()
      const mb = (bytes: number) => bytes / 1_000_000
      const { failures, unknowns, edits, warned } = RATES
      const largest = Object.entries(result.byTable).sort(([, one], [, other]) => other - one)
      return {
        title: `${DOMAINS} domains, a year; each a year ${failures} failures, ${unknowns} unknowns, ${edits} edits; ${warned * 100} % with a standing warning`,
        figures: [
          { figure: 'growth', ...upTo(50, 'MB', mb(result.grown)) },
          ...largest.slice(0, SHOWN).map(([name, bytes]) => ({
            figure: `of that ${name} with its indexes`,
            measured: `${show(mb(bytes))} MB`,
          })),
          { figure: 'looks that could change something', measured: String(result.looks) },
          {
            figure: 'transitions, audit events, day counters',
            measured: `${result.transitions}, ${result.events}, ${result.counters}`,
          },
        ],
      }
    }),
}
