import type { CheckTarget, Verdict } from '#server/services/checks/collectors/contract'
import { EXTENDED_REASONS } from '#server/services/checks/extended/reasons'
import { REASONS, SHARED_REASONS } from '#server/services/checks/reasons'
import type { Reason } from '#server/services/checks/reasons/contract'
import { CHECK_IDS, CHECK_LABELS } from '#shared/schemas/checks'
import { EXTENDED_IDS, EXTENDED_LABELS } from '#shared/schemas/extended'
import { targetOf } from '../../tests/helpers/check-facts'
import { REASON_TABLES } from '../../tests/reasons'
import type { ReasonRow, ReasonTable } from '../../tests/reasons/contract'
import { EXTENDED_TABLES } from '../../tests/reasons/extended'
import { table, type DocPage } from './contract'

const INTRO = `# What the checks say

Every check ends in a status and a reason: a stable code. This page is made from the catalogue of reasons by \`npm run docs\`; words in
‹angle brackets› are filled in by what was found. The domain of the examples is \`example.org\`, and its mail host sends from 192.0.2.25 and
2001:db8::25.

\`pass\` and \`warn\` count for the score, \`fail\` does not, \`unknown\` keeps what was known last, \`skipped\` leaves the denominator.
Only what DNS, TLS or HTTP says with authority about the domain may fail it: a fault of a resolver or of the way there is \`unknown\`.
The checks beyond the eight are in no score; theirs may also be \`info\`: a fact worth knowing that is neither good nor bad.`

const HEAD = ['Reason', 'Status', 'What it says', 'Rule', 'What to do']

/** Stands for facts that are not there: each is told by its own name. */
const named = new Proxy({} as Verdict['params'], { get: (_, name) => `‹${String(name)}›` })
const noEvidence: Verdict['evidence'] = { lookups: [], connections: [], found: {} }

/** Keys are made anew each time, and nobody reads them. */
const short = (text: string) => text.replace(/p=[A-Za-z0-9+/=]{40,}/g, 'p=…')

function told(fix: ReturnType<NonNullable<Reason['fix']>>): string {
  const { record } = fix
  const lines = record ? record.value.split('\n').map((value) => `\`${record.name} ${record.type} ${short(value)}\``) : []
  return [fix.summary, ...lines, ...fix.steps].join('\n')
}

/** What to do, from a case of the check where there is one. */
async function mend(reason: Reason, code: string, row: ReasonRow<string> | undefined): Promise<string> {
  if (!reason.fix) return ''
  const target: CheckTarget = row?.target ?? targetOf()
  const found = row ? await row.verdict() : { reason: code, params: named, evidence: noEvidence }
  return told(reason.fix({ ...found, status: 'fail' }, target))
}

async function line(code: string, reason: Reason, rows: ReasonTable<string>): Promise<string[]> {
  const cases = rows.filter((row) => row.reason === code)
  const statuses = [...new Set(cases.map((row) => row.status))]
  const what = await mend(reason, code, cases[0])
  return [`\`${code}\``, statuses.join(', '), reason.message(named).replace('NaN', '‹number›'), reason.rule ?? '', what]
}

async function section(title: string, reasons: Record<string, Reason>, rows: ReasonTable<string>): Promise<string> {
  const lines = await Promise.all(Object.entries(reasons).map(([code, reason]) => line(code, reason, rows)))
  return `## ${title}\n\n${table(HEAD, lines)}`
}

/** The catalogue of reasons. */
export const reasonsPage: DocPage = {
  file: 'reasons.md',
  async render() {
    const eight = CHECK_IDS.map((id) => section(`${CHECK_LABELS[id].long} (\`${id}\`)`, REASONS[id], REASON_TABLES[id]))
    const extended = EXTENDED_IDS.map((id) =>
      section(`${EXTENDED_LABELS[id]} (\`${id}\`)`, EXTENDED_REASONS[id], EXTENDED_TABLES[id]),
    )
    const shared = section('Any check', SHARED_REASONS, Object.values(REASON_TABLES).flat())
    return [INTRO, ...(await Promise.all([...eight, ...extended, shared]))].join('\n\n')
  },
}
