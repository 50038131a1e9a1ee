import { CheckId, DomainStatus } from '#shared/schemas/checks'
import { GroupBy, type Incident, OVERVIEW_SORTS } from '#shared/schemas/overview'

export const DENSITIES = ['cards', 'rows', 'matrix'] as const

/** What the overview shows, as it stands in the URL. */
export interface OverviewFilters {
  q?: string
  status?: DomainStatus
  failing?: CheckId
  partner?: string
  plan?: string
  /** Id of a mail host. */
  mailHost?: string
  sort: (typeof OVERVIEW_SORTS)[number]
  view: (typeof DENSITIES)[number]
  /** Groups are shown in the place of domains. */
  group?: GroupBy
}

type Query = Record<string, unknown>

/** Filters of a URL; what is not understood counts as not given, so that an old bookmark still opens. */
export function readFilters(query: Query): OverviewFilters {
  return {
    q: text(query.q),
    status: oneOf(DomainStatus.options, query.status),
    failing: oneOf(CheckId.options, query.failing),
    partner: text(query.partner),
    plan: text(query.plan),
    mailHost: text(query.mailHost),
    sort: oneOf(OVERVIEW_SORTS, query.sort) ?? 'worst',
    view: oneOf(DENSITIES, query.view) ?? 'cards',
    group: oneOf(GroupBy.options, query.group),
  }
}

/** A URL query with some filters changed; defaults and empty ones are left out, everything else stays. */
export function writeFilters(query: Query, patch: Partial<OverviewFilters>): Query {
  const next: Query = { ...query, ...patch }
  if (next.sort === 'worst') delete next.sort
  if (next.view === 'cards') delete next.view
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== ''))
}

/**
 * What shows the domains of an incident, and nothing else. A check that could not be made has no filter of its own: all domains of the
 * host are shown then, for the trouble is the host's.
 */
export function filtersOf({ mailHost, checkId, status }: Incident): Partial<OverviewFilters> {
  const nothingElse = { q: undefined, status: undefined, partner: undefined, plan: undefined }
  return { ...nothingElse, mailHost: mailHost.id, failing: status === 'fail' ? checkId : undefined }
}

/** Whether anything narrows the list: then an empty one means "nothing matches". */
export const isNarrowed = ({ q, status, failing, partner, plan, mailHost }: OverviewFilters): boolean =>
  [q, status, failing, partner, plan, mailHost].some((value) => value !== undefined)

const text = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value : undefined)
const oneOf = <T extends string>(options: readonly T[], value: unknown): T | undefined =>
  options.find((option) => option === value)
