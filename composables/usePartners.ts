import { queryOptions } from '@tanstack/vue-query'
import { z } from 'zod'
import { Partner } from '#shared/schemas/tenants'
import { api } from './api'

export const partnerKeys = { all: ['partners'] as const }

export const partnersOptions = () =>
  queryOptions({
    queryKey: partnerKeys.all,
    queryFn: ({ signal }) => api('/api/v1/partners', { schema: z.object({ partners: z.array(Partner) }), signal }),
    select: (list) => list.partners,
  })
