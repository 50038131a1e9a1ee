import { migrateDatabase } from '#drizzle/migrate'
import { MIGRATIONS_DIR } from '#drizzle/migrations-dir'
import { readConfig } from '#server/platform/config'
import { newKey } from './audit/fill'
import type { PortalOrder, PortalResult } from './children/audit-portal'
import { startChild } from './lib/child'
import { compileChild } from './lib/compile'
import { type Benchmark, show, upTo } from './lib/report'
import { quantile } from './lib/stats'
import { withWorkspace } from './lib/workspace'
import { openLoop } from './open-loop'

const EVENTS = 100_000
/** Arriving, and pages asked for. */
const [RATE, PER_SECOND] = [5_000, 20]
const [SECONDS, WARM_UP_SECONDS] = [20, 3]
const TOKEN = 'a-bearer-for-the-benchmarks-only'

/** How soon a page of the log is there while events arrive: every route of the portal on a real server, in one process with what writes. */
export const auditArriving: Benchmark = {
  about: 'audit log: GET /api/v1/audit in an open loop while 5,000 events a second arrive (--events N: of the log before)',
  run: ({ events = EVENTS }) =>
    withWorkspace(async ({ dataDir, keep }) => {
      const env = { VIGIA_DATA_DIR: dataDir, VIGIA_SECRET_KEY: newKey(), VIGIA_BOOTSTRAP_TOKEN: TOKEN, COUNT: String(events) }
      migrateDatabase(readConfig(env).databaseFile, MIGRATIONS_DIR)
      await keep(startChild('audit-append', env)).next()
      const { file } = keep(await compileChild('audit-portal'))
      const portal = keep(startChild('audit-portal', env, file))
      const { port } = await portal.next<{ port: number }>()
      const load = (seconds: number) =>
        openLoop({
          url: `http://127.0.0.1:${port}/api/v1/audit`,
          ...{ headers: { authorization: `Bearer ${TOKEN}` }, perSecond: PER_SECOND, seconds },
        })
      await load(WARM_UP_SECONDS)
      const alone = await load(SECONDS)
      portal.send({ perSecond: RATE, from: events, seconds: SECONDS + WARM_UP_SECONDS } satisfies PortalOrder)
      await load(WARM_UP_SECONDS)
      const { latencies, errors, bytes } = await load(SECONDS)
      const { arrived, cpuShare, delayMs, behindMs } = await portal.next<PortalResult>()
      const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)]
      return {
        title: `a page of 100 (${show(bytes / 1_000)} kB), ${PER_SECOND} a second for ${SECONDS} s, open loop; ${events} events before`,
        figures: [
          { figure: 'events that arrived', measured: `${show(arrived)} /s`, goal: `${RATE} /s`, met: arrived >= RATE * 0.98 },
          {
            figure: 'page, p50',
            measured: `${show(p50)} ms`,
            ceiling: `${show(quantile(alone.latencies, 0.5))} ms: nothing arrives`,
          },
          {
            ...{ figure: 'page, p99', ...upTo(50, 'ms', p99) },
            ceiling: `${show(quantile(alone.latencies, 0.99))} ms: nothing arrives`,
          },
          { figure: 'pages that failed', measured: String(errors), goal: '0', met: errors === 0 },
          { figure: 'event loop late, p50', measured: `${show(delayMs.median)} ms` },
          { figure: 'event loop late, p99', ...upTo(50, 'ms', delayMs.p99) },
          { figure: 'event loop late, worst', measured: `${show(delayMs.worst)} ms` },
          { figure: 'an event has its place after, worst', ...upTo(1_000, 'ms', behindMs) },
          { figure: 'processor of the portal', measured: `${show(100 * cpuShare)} % of one core` },
        ],
      }
    }),
}
