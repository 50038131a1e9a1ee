import { queryOptions, useQuery } from '@tanstack/vue-query'
import { Me } from '#shared/schemas/access'

/** Whoever is signed in; it changes with a full load only. */
export const meOptions = () =>
  queryOptions({
    queryKey: ['me'],
    queryFn: ({ signal }) => api('/api/v1/me', { schema: Me, signal }),
    staleTime: Infinity,
  })

export const useMe = () => useQuery(meOptions())
