import { describe, expect, it } from 'vitest'
import { REASONS, SHARED_REASONS } from '#server/services/checks/reasons'
import { renderVerdict } from '#server/services/checks/render'
import { CHECK_IDS, type CheckId, CheckResult } from '#shared/schemas/checks'
import { REASON_TABLES, SHARED_ELSEWHERE, WITHOUT_TABLE } from '../reasons'
import type { ReasonRow, ReasonTable } from '../reasons/contract'

const tables = Object.entries(REASON_TABLES) as [CheckId, ReasonTable][]
const rows = tables.flatMap(([id, table]) => table.map((row) => [id, row.it, row] as const))
const givenBy = (table: ReasonTable) => new Set(table.map((row) => row.reason))
const missedBy = (table: ReasonTable) => new Set(table.flatMap((row) => row.misses ?? []))

/** What is left in a text when a fact was not filled in. */
const UNFILLED = /\bundefined\b|\[object|NaN|\bnull\b(?! MX)|\(.*public key.*\)|your\.mail\.host/

/** What nobody could paste or do. */
function lacking({ fix }: ReturnType<typeof renderVerdict>, { status }: ReasonRow): string | null {
  if (status === 'pass' || fix === null) return null
  if (fix.summary.trim() === '') return 'says nothing'
  if (!fix.record) return fix.steps.length > 0 ? null : 'has neither a record nor a step'
  const { name, type, value } = fix.record
  if (name === '' || type === '' || value.trim() === '') return 'has an empty record'
  return UNFILLED.test(`${name} ${type} ${value}`) ? `has a gap in its record: ${value}` : null
}

describe.each(tables)('every case of %s', (id, table) => {
  it.each(table.map((row) => [row.it, row] as const))('%s', async (_, row) => {
    const verdict = await row.verdict()
    expect(verdict).toMatchObject({ status: row.status, reason: row.reason })
    const told = renderVerdict(id, verdict, row.target)
    expect(CheckResult.pick({ message: true, rule: true, fix: true }).parse(told)).toEqual(told)
    expect(told.message).not.toMatch(UNFILLED)
    expect(lacking(told, row)).toBeNull()
    expect(row.misses ?? []).not.toContain(row.reason)
  })
})

describe('the catalogue of reasons, walked', () => {
  it('has a table for each check, but for those that are named', () => {
    expect(CHECK_IDS.filter((id) => !REASON_TABLES[id])).toEqual(WITHOUT_TABLE)
  })

  it.each(tables)('%s: a case for every reason', (id, table) => {
    const given = givenBy(table)
    expect(Object.keys(REASONS[id]).filter((code) => !given.has(code))).toEqual([])
  })

  it.each(tables)('%s: a near miss for every reason', (id, table) => {
    const missed = missedBy(table)
    expect(Object.keys(REASONS[id]).filter((code) => !missed.has(code))).toEqual([])
  })

  it('shows every reason that checks share, but for those that are named', () => {
    const given = givenBy(rows.map(([, , row]) => row))
    expect(Object.keys(SHARED_REASONS).filter((code) => !given.has(code))).toEqual(SHARED_ELSEWHERE)
  })

  it.each(tables)('%s: names no reason that is not in the catalogue', (id, table) => {
    const known = (code: string) => code in REASONS[id] || code in SHARED_REASONS
    expect([...givenBy(table), ...missedBy(table)].filter((code) => !known(code))).toEqual([])
  })

  it('tells no two cases of a check by the same words', () => {
    for (const [, table] of tables) expect(new Set(table.map((row) => row.it)).size).toBe(table.length)
  })
})
