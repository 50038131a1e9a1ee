import { describe, expect, it } from 'vitest'
import type { AuditEvent, AuditPage } from '#shared/schemas/audit'
import { newsOf, withNews } from './news'

const event = (seq: number, second = seq) => ({ seq, id: `ev_${seq}`, at: new Date(second * 1_000).toISOString() }) as AuditEvent
const page = (seqs: number[], nextCursor: string | null = null): AuditPage => ({
  ...{ events: seqs.map((seq) => event(seq)), nextCursor, searchedBackTo: null },
})
const list = (...pages: AuditPage[]) => ({ pages, pageParams: pages.map((_, at) => String(at)) })
const seqs = (data: ReturnType<typeof list>) => data.pages.flatMap(({ events }) => events.map(({ seq }) => seq))

describe('news', () => {
  it('are what the first page has and the list has not', () => {
    const known = list(page([3, 2], 'c'), page([1]))
    expect(newsOf(known, page([5, 4, 3], 'c'))).toMatchObject({ events: [{ seq: 5 }, { seq: 4 }], isMore: false })
    expect(seqs(withNews(known, page([5, 4, 3], 'c')))).toEqual([5, 4, 3, 2, 1])
  })

  it('take their place by time when they come late', () => {
    const late = { ...page([3]), events: [event(3), event(4, 2.5), event(2)] }
    expect(seqs(withNews(list(page([3, 2, 1])), late))).toEqual([3, 4, 2, 1])
  })

  it('leave the very same list when there are none', () => {
    const known = list(page([2, 1]))
    expect(withNews(known, page([2, 1]))).toBe(known)
  })

  it('begin the list anew when more than a page is new', () => {
    const known = list(page([2, 1]))
    expect(newsOf(known, page([9, 8], 'c')).isMore).toBe(true)
    expect(withNews(known, page([9, 8], 'c'))).toMatchObject({ pages: [{ nextCursor: 'c' }], pageParams: [''] })
  })

  it('begin the list anew when it has been followed for too long', () => {
    const known = list(page(Array.from({ length: 2_000 }, (_, n) => 2_000 - n)))
    expect(withNews(known, page([2_001, 2_000], 'c'))).toMatchObject({ pages: [{ nextCursor: 'c' }], pageParams: [''] })
    expect(withNews(known, page([2_000, 1_999], 'c'))).toBe(known)
  })

  it('fill an empty list', () => {
    expect(seqs(withNews(list(page([])), page([1])))).toEqual([1])
  })
})
