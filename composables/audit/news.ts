import type { InfiniteData } from '@tanstack/vue-query'
import type { AuditEvent, AuditPage } from '#shared/schemas/audit'

export type AuditPages = InfiniteData<AuditPage, string>

/** What a newer first page holds that the list does not. */
export interface News {
  events: AuditEvent[]
  /** The page has nothing in common with the list: between the two lie more. */
  isMore: boolean
}

/** What is new in the first page as it is now. */
export function newsOf({ pages }: Pick<AuditPages, 'pages'>, first: AuditPage): News {
  const known = new Set(pages.flatMap(({ events }) => events.map(({ id }) => id)))
  const events = first.events.filter(({ id }) => !known.has(id))
  return { events, isMore: known.size > 0 && events.length === first.events.length && first.nextCursor !== null }
}

/** A list that has been followed for a day holds no more than this: who takes the news reads at its beginning. */
const MOST = 2_000

/** The list with the news in it: each in its place by time, for some come late; one that lies too far back or is too long begins anew. */
export function withNews(pages: AuditPages, first: AuditPage): AuditPages {
  const { events, isMore } = newsOf(pages, first)
  if (events.length === 0 && pages.pages.length > 0) return pages
  const [head, ...older] = pages.pages
  const length = pages.pages.reduce((sum, page) => sum + page.events.length, events.length)
  if (isMore || !head || length > MOST) return { pages: [first], pageParams: [''] }
  const merged = [...events, ...head.events].sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || b.seq - a.seq)
  return { ...pages, pages: [{ ...head, events: merged }, ...older] }
}
