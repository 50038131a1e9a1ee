import { AUDIT_COUNT } from './audit'
import type { AuditReadResult } from './children/audit-read'
import { startChild } from './lib/child'
import { type Benchmark, show, upTo } from './lib/report'
import { withWorkspace } from './lib/workspace'

/** How soon the audit log answers: pages, filters, free text, totals, an export; and pages while events arrive. */
export const auditRead: Benchmark = {
  about: 'audit log: pages, filters, free text, totals, export, and pages while events arrive (--million, --large)',
  run: () =>
    withWorkspace(async ({ dataDir, keep }) => {
      const env = { VIGIA_DATA_DIR: dataDir, COUNT: String(AUDIT_COUNT) }
      const { pages, exported, arriving, delayMs } = await keep(startChild('audit-read', env)).next<AuditReadResult>()
      return {
        title: `audit log, ${AUDIT_COUNT} events, pages of 100 with their personal data opened`,
        figures: [
          ...pages.map(({ what, p50, p99 }) => ({ figure: what, measured: `${show(p50)} ms p50, ${show(p99)} ms p99` })),
          { figure: 'export, JSON lines', measured: `${show(exported)} MB/s` },
          { figure: 'worst loop delay meanwhile', measured: `${show(delayMs)} ms` },
          { figure: `page p99 while ${show(arriving.perSecond)} events/s arrive`, ...upTo(50, 'ms', arriving.p99) },
          { figure: 'worst loop delay meanwhile', measured: `${show(arriving.delayMs)} ms` },
        ],
      }
    }),
}
