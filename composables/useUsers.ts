import { queryOptions, useMutation, useQueryClient } from '@tanstack/vue-query'
import { User, UserList, type UserPatch } from '#shared/schemas/access'
import { api } from './api'

const PATH = '/api/v1/users'

export const userKeys = { all: ['users'] as const }

/** Everybody who has ever signed in. */
export const usersOptions = () =>
  queryOptions({
    queryKey: userKeys.all,
    queryFn: ({ signal }) => api(PATH, { schema: UserList, signal }),
    select: (list) => list.users,
  })

/** Lets a user in or locks them out, with the session that they have now. */
export function useSetUserActive() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, patch }: { id: string; patch: UserPatch }) =>
      api(`${PATH}/${id}`, { schema: User, method: 'PATCH', body: patch }),
    onSettled: () => client.invalidateQueries({ queryKey: userKeys.all }),
  })
}
