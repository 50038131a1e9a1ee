import type { Context } from '#server/platform/context'
import { recordHappening } from '../happening'
import type { Report } from './report'
import { type Progress, verifyLogs } from './verify'

/** Verifies the audit log and records that it was done, by whom and with which verdict. Throws as `verifyLogs`. */
export async function verifyAndRecord(ctx: Context, onProgress?: (progress: Progress) => void): Promise<Report> {
  const report = await verifyLogs(ctx, onProgress)
  const intact = report.verdict === 'intact'
  await recordHappening(ctx, 'audit.verified', {
    resource: { type: 'audit_log', id: 'all' },
    outcome: intact ? 'success' : 'failure',
    data: { verdict: report.verdict, events: report.events, logs: report.logs.length },
  })
  return report
}
