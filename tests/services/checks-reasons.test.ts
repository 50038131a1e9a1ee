import { describe, expect, it } from 'vitest'
import { EXTENDED_REASONS } from '#server/services/checks/extended/reasons'
import { renderExtended } from '#server/services/checks/extended/render'
import { REASONS, SHARED_REASONS } from '#server/services/checks/reasons'
import type { Reason } from '#server/services/checks/reasons/contract'
import { renderVerdict } from '#server/services/checks/render'
import { CHECK_IDS, CheckResult } from '#shared/schemas/checks'
import { EXTENDED_IDS } from '#shared/schemas/extended'
import { GIVEN_BY_ENGINE, REASON_TABLES } from '../reasons'
import type { ReasonTable } from '../reasons/contract'
import { EXTENDED_TABLES } from '../reasons/extended'

type Told = ReturnType<typeof renderVerdict>

/** What the walk needs of a row, whatever statuses its check may give. */
interface Case {
  it: string
  status: string
  reason: string
  misses: readonly string[]
  /** Looks, judges, and tells it. */
  look(): Promise<{ status: string; reason: string; told: Told }>
}
interface Table {
  id: string
  reasons: Record<string, Reason>
  cases: Case[]
}

function tableOf<Status extends string>(
  id: string,
  reasons: Record<string, Reason>,
  rows: ReasonTable<Status>,
  tell: (
    verdict: Awaited<ReturnType<ReasonTable<Status>[number]['verdict']>>,
    target: ReasonTable<Status>[number]['target'],
  ) => Told,
): Table {
  const cases = rows.map((row) => ({
    ...{ it: row.it, status: row.status, reason: row.reason, misses: row.misses ?? [] },
    async look() {
      const verdict = await row.verdict()
      return { status: verdict.status, reason: verdict.reason, told: tell(verdict, row.target) }
    },
  }))
  return { id, reasons, cases }
}

const TABLES: Table[] = [
  ...CHECK_IDS.map((id) => tableOf(id, REASONS[id], REASON_TABLES[id], (verdict, target) => renderVerdict(id, verdict, target))),
  ...EXTENDED_IDS.map((id) =>
    tableOf(id, EXTENDED_REASONS[id], EXTENDED_TABLES[id], (verdict, target) => renderExtended(id, verdict, target)),
  ),
]
const ALL_CASES = TABLES.flatMap(({ cases }) => cases)
const givenBy = (cases: readonly Case[]) => new Set(cases.map(({ reason }) => reason))
const missedBy = (cases: readonly Case[]) => new Set(cases.flatMap(({ misses }) => misses))

/** What is left in a text when a fact was not filled in. */
const UNFILLED = /\bundefined\b|\[object|NaN|\bnull\b(?! MX)|\(.*public key.*\)|your\.mail\.host/

/** What nobody could paste or do; a summary alone may say it all. */
function lacking({ fix }: Told): string | null {
  if (fix === null) return null
  if (fix.summary.trim() === '') return 'says nothing'
  if (!fix.record) return null
  const { name, type, value } = fix.record
  if (name === '' || type === '' || value.trim() === '') return 'has an empty record'
  return UNFILLED.test(`${name} ${type} ${value}`) ? `has a gap in its record: ${value}` : null
}

describe.each(TABLES)('every case of $id', ({ cases }) => {
  it.each(cases)('$it', async ({ look, ...expected }) => {
    const { told, ...verdict } = await look()
    expect(verdict).toEqual({ status: expected.status, reason: expected.reason })
    expect(CheckResult.pick({ message: true, rule: true, fix: true }).parse(told)).toEqual(told)
    expect(told.message).not.toMatch(UNFILLED)
    expect(lacking(told)).toBeNull()
    expect(expected.misses).not.toContain(expected.reason)
  })
})

describe.each(TABLES)('the catalogue of $id, walked', ({ cases, reasons }) => {
  it('has a case for every reason', () => {
    const given = givenBy(cases)
    expect(Object.keys(reasons).filter((code) => !given.has(code))).toEqual([])
  })

  it('has a near miss for every reason', () => {
    const missed = missedBy(cases)
    expect(Object.keys(reasons).filter((code) => !missed.has(code))).toEqual([])
  })

  it('names no reason that is not in it', () => {
    const known = (code: string) => code in reasons || code in SHARED_REASONS
    expect([...givenBy(cases), ...missedBy(cases)].filter((code) => !known(code))).toEqual([])
  })

  it('tells no two cases by the same words', () => {
    expect(new Set(cases.map((one) => one.it)).size).toBe(cases.length)
  })
})

describe('the reasons that checks share, walked', () => {
  it.each([
    ['case', givenBy(ALL_CASES)],
    ['near miss', missedBy(ALL_CASES)],
  ])('have a %s each, but for those of the engine', (_, codes) => {
    expect(Object.keys(SHARED_REASONS).filter((code) => !codes.has(code))).toEqual(GIVEN_BY_ENGINE)
  })
})
