import { getTableColumns } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { TRANSITIONS, transitionsOf } from './transitions'

const columnsOf = (table: (typeof TRANSITIONS)[number]) =>
  Object.entries(getTableColumns(table)).map(([key, column]) => ({
    ...{ key, name: column.name, type: column.getSQLType(), dataType: column.dataType, notNull: column.notNull },
  }))

describe('the tables of changes', () => {
  it('have the same columns', () => {
    const [eight, extended] = TRANSITIONS.map(columnsOf)
    expect(extended).toEqual(eight)
  })

  it('are two: one for the eight, one for the checks beyond', () => {
    const [eight, extended] = TRANSITIONS
    expect(new Set(TRANSITIONS).size).toBe(2)
    expect(transitionsOf('dns_mx')).toBe(eight)
    expect(transitionsOf()).toBe(eight)
    expect(transitionsOf('mta_sts')).toBe(extended)
  })
})
