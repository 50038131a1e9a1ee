import { queryOptions } from '@tanstack/vue-query'
import { Health } from '#shared/schemas/health'
import { api } from './api'

const EVERY_MS = 30_000

/** How Vigia's own process is. */
export const healthOptions = () =>
  queryOptions({
    queryKey: ['health'],
    queryFn: ({ signal }) => api('/_health', { schema: Health, answers: [503], signal }),
    refetchInterval: EVERY_MS,
  })
