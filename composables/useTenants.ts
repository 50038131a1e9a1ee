import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/vue-query'
import type { DomainStatus } from '#shared/schemas/checks'
import type { DomainSummary } from '#shared/schemas/overview'
import {
  type BulkDomainsInput,
  BulkDomainsResult,
  Domain,
  type DomainInput,
  type DomainPatch,
  Tenant,
  type TenantInput,
  TenantList,
  type TenantPatch,
  TenantSummary,
} from '#shared/schemas/tenants'
import { api, NoContent } from './api'
import { checkKeys } from './useChecks'

export interface TenantFilters {
  q?: string
  status?: DomainStatus
}

export const tenantKeys = {
  all: ['tenants'] as const,
  lists: ['tenants', 'list'] as const,
  list: (filters: TenantFilters) => ['tenants', 'list', filters] as const,
  detail: (tenant: string) => ['tenants', 'detail', tenant] as const,
}

const path = (tenant: string, rest = '') => `/api/v1/tenants/${encodeURIComponent(tenant)}${rest}`
const domainPath = (tenant: string, domain: string) => path(tenant, `/domains/${encodeURIComponent(domain)}`)

/** Tenants by name, page after page. */
export const tenantListOptions = (filters: TenantFilters) =>
  infiniteQueryOptions({
    queryKey: tenantKeys.list(filters),
    queryFn: ({ pageParam, signal }) =>
      api('/api/v1/tenants', { schema: TenantList, query: { ...filters, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

/** One tenant with its domains. */
export const tenantOptions = (tenant: string) =>
  queryOptions({
    queryKey: tenantKeys.detail(tenant),
    queryFn: ({ signal }) => api(path(tenant), { schema: Tenant, signal }),
  })

/** A domain's new verdicts, told live: an open tenant shows them at once, the lists ask again when they are next looked at. */
export function applyLiveSummary(client: QueryClient, { id, tenant, status, score, max, lastAuditAt }: DomainSummary): void {
  client.setQueryData<Tenant>(tenantKeys.detail(tenant.slug), (known) => {
    if (!known) return undefined
    const domains = known.domains.map((domain) => (domain.id === id ? { ...domain, status, score, max, lastAuditAt } : domain))
    return { ...known, domains, status: worstOf(domains.map((domain) => domain.status)) }
  })
  void client.invalidateQueries({ queryKey: tenantKeys.lists, refetchType: 'none' })
}

const WORST_FIRST: readonly DomainStatus[] = ['failing', 'unknown', 'degraded', 'healthy']
const worstOf = (statuses: DomainStatus[]): DomainStatus => WORST_FIRST.find((status) => statuses.includes(status)) ?? 'pending'

/** Tenants and the grid show the same domains: a change of one is a change of both. */
function useRefresh() {
  const client = useQueryClient()
  return () => {
    void client.invalidateQueries({ queryKey: checkKeys.all })
    return client.invalidateQueries({ queryKey: tenantKeys.all })
  }
}

export function useCreateTenant() {
  return useMutation({
    mutationFn: (body: TenantInput) => api('/api/v1/tenants', { schema: TenantSummary, method: 'POST', body }),
    onSuccess: useRefresh(),
  })
}

export function useUpdateTenant() {
  return useMutation({
    mutationFn: ({ tenant, patch }: { tenant: string; patch: TenantPatch }) =>
      api(path(tenant), { schema: TenantSummary, method: 'PATCH', body: patch }),
    onSuccess: useRefresh(),
  })
}

export function useAddDomain() {
  return useMutation({
    mutationFn: ({ tenant, input }: { tenant: string; input: DomainInput }) =>
      api(path(tenant, '/domains'), { schema: Domain, method: 'POST', body: input }),
    onSuccess: useRefresh(),
  })
}

/** Many at once; every line has its own result and a bad one stops no other. */
export function useAddDomains() {
  return useMutation({
    mutationFn: ({ tenant, input }: { tenant: string; input: BulkDomainsInput }) =>
      api(path(tenant, '/domains'), { schema: BulkDomainsResult, method: 'POST', body: input }),
    onSuccess: useRefresh(),
  })
}

export function useUpdateDomain() {
  return useMutation({
    mutationFn: ({ tenant, domain, patch }: { tenant: string; domain: string; patch: DomainPatch }) =>
      api(domainPath(tenant, domain), { schema: Domain, method: 'PATCH', body: patch }),
    onSuccess: useRefresh(),
  })
}

export function useRemoveDomain() {
  return useMutation({
    mutationFn: ({ tenant, domain, version }: { tenant: string; domain: string; version: number }) =>
      api(domainPath(tenant, domain), { schema: NoContent, method: 'DELETE', query: { version } }),
    onSuccess: useRefresh(),
  })
}
