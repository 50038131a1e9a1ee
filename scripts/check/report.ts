import { domainToUnicode } from 'node:url'
import { renderVerdict, scoreOf, type CheckOutcome, type CheckTarget } from '#server/services/checks'
import type { CheckReport, ReportedCheck } from '#shared/schemas/check-report'
import { CHECK_LABELS, type CheckStatus } from '#shared/schemas/checks'

/** The scorecard of one domain. */
export function reportOf(target: CheckTarget, outcomes: CheckOutcome[]): CheckReport {
  const { score, max, status } = scoreOf(outcomes)
  const checks = outcomes.map((outcome) => {
    const { checkId, reason, evidence, latencyMs } = outcome
    return { checkId, status: outcome.status, reason, ...renderVerdict(checkId, outcome, target), evidence, latencyMs }
  })
  return { domain: target.domain, score, max, status, checks }
}

/** 0 good, 1 any fail, 2 no fail but an unknown. */
export function exitStatus(statuses: readonly CheckStatus[]): 0 | 1 | 2 {
  if (statuses.includes('fail')) return 1
  return statuses.includes('unknown') ? 2 : 0
}

const MARKS: Record<CheckStatus, { mark: string; colour: number }> = {
  pass: { mark: '✓', colour: 32 },
  warn: { mark: '!', colour: 33 },
  fail: { mark: '✗', colour: 31 },
  unknown: { mark: '?', colour: 35 },
  skipped: { mark: '-', colour: 90 },
}

/** What zones publish may hold control characters: they must not reach the terminal. */
// eslint-disable-next-line no-control-regex -- control characters are what it removes
const printable = (text: string) => text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '·')

/** The scorecard for people: a line for each check, and below it what to do. */
export function formatReport(report: CheckReport, colours: boolean): string {
  const paint = (text: string, code: number) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text)
  const unicode = domainToUnicode(report.domain)
  const name = unicode === report.domain ? report.domain : `${unicode} (${report.domain})`
  const lines = report.checks.flatMap((check) => {
    const { mark, colour } = MARKS[check.status]
    const head = `${mark} ${CHECK_LABELS[check.checkId].long.padEnd(13)} ${check.status.padEnd(8)}`
    return [
      `  ${paint(head, colour)} ${printable(check.message)}`,
      ...fixLines(check).map((line) => `${' '.repeat(27)}${printable(line)}`),
    ]
  })
  const score = report.score === null ? '–' : `${report.score}/${report.max}`
  return [`${name}  ${score}  ${report.status}`, ...lines, ''].join('\n')
}

function fixLines({ fix }: ReportedCheck): string[] {
  if (!fix) return []
  const record = fix.record
    ? fix.record.value.split('\n').map((value) => `  ${fix.record?.name}. ${fix.record?.type} ${value}`)
    : []
  return [`→ ${fix.summary}`, ...record, ...fix.steps.map((step) => `  ${step}`)]
}
