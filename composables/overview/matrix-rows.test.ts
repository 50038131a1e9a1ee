import { describe, expect, it } from 'vitest'
import { filterMatrix, type MatrixRow, statusOfCells } from './matrix-rows'

const ROWS: MatrixRow[] = [
  ['1', 'acme', 'acme.example', 'PPFPPPPF'],
  ['2', 'globex', 'globex.example', 'PPPPPPWP'],
  ['3', 'initech', 'mail.acme-initech.example', '----PPPP'],
  ['4', 'umbrella', 'umbrella.example', 'PPP????P'],
]
/** The same rows in another order, so that a sort has something to do. */
const SHUFFLED = [ROWS[3]!, ROWS[1]!, ROWS[0]!, ROWS[2]!]
const ids = (rows: MatrixRow[]) => rows.map(([id]) => id)

describe('filterMatrix', () => {
  it.each([
    { name: 'nothing asked keeps all, in order', filters: {}, want: ['1', '2', '3', '4'] },
    { name: 'a status', filters: { status: 'healthy' as const }, want: ['3'] },
    { name: 'the column of a failing check', filters: { failing: 'cert_le' as const }, want: ['1'] },
    { name: 'a check that fails nowhere', filters: { failing: 'dns_mx' as const }, want: [] },
    { name: 'both together', filters: { failing: 'cert_le' as const, status: 'failing' as const }, want: ['1'] },
  ])('$name', ({ filters, want }) => {
    expect(ids(filterMatrix(ROWS, filters))).toEqual(want)
  })
})

describe('the order of the matrix', () => {
  it.each([
    ['worst', ['4', '2', '1', '3']],
    ['name', ['1', '2', '3', '4']],
    ['score', ['1', '4', '2', '3']],
  ] as const)('%s', (sort, want) => {
    expect(ids(filterMatrix(SHUFFLED, { sort }))).toEqual(want)
  })
})

describe('statusOfCells', () => {
  it.each([
    ['PPFP?WPP', 'failing'],
    ['PPPP?WPP', 'unknown'],
    ['PPPPPWPP', 'degraded'],
    ['----P-P-', 'healthy'],
    ['........', 'pending'],
  ])('%s is %s', (cells, want) => {
    expect(statusOfCells(cells)).toBe(want)
  })
})
