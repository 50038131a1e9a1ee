import { queryOptions } from '@tanstack/vue-query'
import { PartnerList } from '#shared/schemas/tenants'
import { api } from './api'

export const partnerKeys = { all: ['partners'] as const }

export const partnersOptions = () =>
  queryOptions({
    queryKey: partnerKeys.all,
    queryFn: ({ signal }) => api('/api/v1/partners', { schema: PartnerList, signal }),
    select: (list) => list.partners,
  })
