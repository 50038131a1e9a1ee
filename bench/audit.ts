import type { AuditResult } from './children/audit'
import { startChild } from './lib/child'
import { type Benchmark, show, upTo } from './lib/report'
import { withWorkspace } from './lib/workspace'

const SIZES: Record<string, number> = { '--million': 1_000_000, '--large': 10_000_000 }
const asked = process.argv.find((argument) => argument in SIZES)
/** Events of the benchmarks of the audit log. */
export const AUDIT_COUNT = asked ? SIZES[asked]! : 100_000

/** A figure with a lower limit. */
const atLeast = (limit: number, unit: string, measured: number) => ({
  ...{ measured: `${show(measured)} ${unit}`, goal: `≥ ${limit} ${unit}`, met: measured >= limit },
})

/** How many events a second the audit log takes, places and verifies; what they weigh; and whether the event loop stays free. */
export const audit: Benchmark = {
  about: 'audit log: append with everything on, bytes, verify (--million, --large for more events)',
  run: () =>
    withWorkspace(async ({ dataDir, keep }) => {
      const env = { VIGIA_DATA_DIR: dataDir, COUNT: String(AUDIT_COUNT) }
      const result = await keep(startChild('audit', env)).next<AuditResult>()
      const share = (100 * result.append) / result.bare
      return {
        title: `audit log, ${AUDIT_COUNT} events, all of them with personal data, 50 a transaction, synchronous = FULL`,
        figures: [
          {
            ...{ figure: 'append and place', ...atLeast(10_000, '/s', result.append) },
            ceiling: `${show(result.bare)} /s: bare better-sqlite3, the same inserts, 500 a commit`,
          },
          { figure: 'share of the bare loop', ...atLeast(60, '%', share) },
          { figure: 'worst loop delay meanwhile', measured: `${show(result.appendDelayMs)} ms` },
          { figure: 'size', measured: `${show(result.bytesPerEvent)} bytes an event` },
          {
            ...{ figure: 'verify, two threads', ...atLeast(100_000, '/s', result.verify) },
            ceiling: `${show(result.sha256)} /s: SHA-256 of the same bytes, one thread`,
          },
          { figure: 'worst loop delay meanwhile', ...upTo(50, 'ms', result.verifyDelayMs) },
        ],
      }
    }),
}
