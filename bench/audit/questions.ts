import { auditHistogram, auditPage, auditStats } from '#server/services/audit'
import type { Context } from '#server/platform/context'
import type { AuditFilter } from '#shared/schemas/audit-filter'

/** What somebody asks of the log, by what the table calls it. */
export type Questions = Record<string, (ctx: Context) => Promise<unknown>>

const LIMIT = 100
const page = (filter: AuditFilter, before?: string) => (ctx: Context) => auditPage(ctx, { ...filter, before, limit: LIMIT })

/** Where the timeline has so many newer events. */
export function cursorAfter({ database: { raw } }: Context, newer: number): string {
  const place = raw.prepare('select at, seq from audit_events order by at desc, seq desc limit 1 offset ?').get(newer)
  const { at, seq } = place as { at: number; seq: number }
  return `${at}.${seq}`
}

/** Pages by their depth. */
export function pagesByDepth(ctx: Context, count: number): Questions {
  const depths = [10_000, 900_000].filter((depth) => depth < count * 0.95)
  if (!depths.includes(900_000)) depths.push(Math.floor(count * 0.9))
  return Object.fromEntries([
    ['first page', page({})],
    ...depths.map((depth) => [`page after ${depth}`, page({}, cursorAfter(ctx, depth))]),
  ])
}

/** Every filter, and some together. The values are such that few match, or none: those look at the most. */
export function pagesByFilter({ database: { raw } }: Context): Questions {
  const one = (column: string) =>
    raw.prepare(`select ${column} from audit_events where ${column} is not null order by seq limit 1`).pluck().get() as string
  const middle = raw.prepare('select (min(at) + max(at)) / 2 from audit_events').pluck().get() as number
  const iso = (ms: number) => new Date(ms).toISOString()
  const filters: AuditFilter[] = [
    { since: iso(middle), until: iso(middle + 3_600_000) },
    { action: 'stalwart.security.*' },
    { category: 'identity' },
    { category: 'flags' },
    { severity: 'high,critical' },
    { outcome: 'failure' },
    { source: 'vigia' },
    { actor: 'person12' },
    { actorId: 'u_7' },
    { actorEmail: 'person2900@example.org' },
    { actorType: 'system' },
    { ip: '198.18.3.44' },
    { resourceType: 'address' },
    { resourceId: one('resource_id') },
    { tenantSlug: 'tenant-77' },
    { partnerSlug: 'partner-7' },
    { externalId: one('external_id') },
    { risk: '40' },
    { requestId: '01J00000000000000000000000' },
    { tenantSlug: 'tenant-77', outcome: 'failure', category: 'authentication' },
  ]
  return Object.fromEntries(
    filters.map((filter) => [
      Object.entries(filter)
        .map((pair) => pair.join(':'))
        .join(' '),
      page(filter),
    ]),
  )
}

/** Free text. */
export function pagesByText({ database: { raw } }: Context): Questions {
  const rare = raw
    .prepare('select external_id from audit_events where external_id is not null order by seq limit 1')
    .pluck()
    .get()
  return {
    'free text, common (a third of all)': page({ q: 'stalwart' }),
    'free text, rare (one event)': page({ q: String(rare) }),
    'free text, beginning (u_29*)': page({ q: 'u_29*' }),
    'free text, two words that meet rarely': page({ q: 'u_7 mail7.example' }),
    'free text, nowhere': page({ q: 'nosuchword' }),
  }
}

let turn = 0
/** Another range each time, with all of the log in it: what was counted once is not asked again. */
const ever = () => ({ until: new Date(Date.UTC(2030, 0, 1, turn++)).toISOString() })

/** Totals and histogram, from the hourly counters and by looking at the events. */
export const COUNTS: Questions = {
  'statistics, all': (ctx) => auditStats(ctx, ever()),
  'statistics, one category': (ctx) => auditStats(ctx, { ...ever(), category: 'mail' }),
  'statistics, one source (counted by looking)': (ctx) => auditStats(ctx, { ...ever(), source: 'vigia' }),
  'histogram, all': (ctx) => auditHistogram(ctx, ever()),
}
