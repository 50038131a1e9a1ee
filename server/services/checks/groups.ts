import type { Context } from '#server/platform/context'
import { CHECK_LABELS } from '#shared/schemas/checks'
import type { GroupsQuery, Groups, StatusCounts } from '#shared/schemas/overview'
import { groupBy } from './group-by'
import { readFailing, readGroups } from './read/groups'

type Group = Groups['groups'][number]

const NONE: StatusCounts = { healthy: 0, degraded: 0, failing: 0, unknown: 0, pending: 0 }

/** How the domains of a filter stand, in groups; most failing first. By failing check a domain is counted once for each that it fails. */
export async function overviewGroups(ctx: Context, { by, ...filter }: GroupsQuery): Promise<Groups> {
  const groups = by === 'failing' ? await byFailing(ctx, filter) : await byOwner(ctx, filter, by)
  groups.sort((a, b) => b.domains.failing - a.domains.failing || b.domains.all - a.domains.all || compare(a, b))
  return { by, groups }
}

const compare = (a: Group, b: Group) => (a.label ?? '').localeCompare(b.label ?? '', 'en')

async function byFailing(ctx: Context, filter: Omit<GroupsQuery, 'by'>): Promise<Group[]> {
  const rows = await readFailing(ctx, filter)
  return rows
    .filter(({ n }) => n > 0)
    .map(({ checkId, n }) => ({ key: checkId, label: CHECK_LABELS[checkId].long, domains: { ...NONE, failing: n, all: n } }))
}

async function byOwner(ctx: Context, filter: Omit<GroupsQuery, 'by'>, by: 'partner' | 'mailHost'): Promise<Group[]> {
  const groups = groupBy(await readGroups(ctx, filter, by), (row) => row.key)
  return [...groups].map(([key, rows]) => {
    const counts = Object.fromEntries(rows.map(({ status, n }) => [status, n]))
    return { key, label: rows[0]!.label, domains: { ...NONE, ...counts, all: rows.reduce((sum, { n }) => sum + n, 0) } }
  })
}
