import { queryOptions, useMutation, useQueryClient } from '@tanstack/vue-query'
import { CheckSettings, type ExtendedId } from '#shared/schemas/extended'
import { api } from './api'
import { checkKeys } from './useChecks'

const PATH = '/api/v1/settings/checks'

const checkSettingsKeys = { all: ['settings', 'checks'] as const }

/** The extended checks and which of them are on. */
export const checkSettingsOptions = () =>
  queryOptions({
    queryKey: checkSettingsKeys.all,
    queryFn: ({ signal }) => api(PATH, { schema: CheckSettings, signal }),
  })

/** Switches one extended check; scorecards show it or not from then on. */
export function useSwitchCheck() {
  return useChange(({ id, on }: { id: ExtendedId; on: boolean }) => ({ extended: { [id]: on } }))
}

/** Replaces the zones of the block lists that are asked. */
export function useChooseBlockLists() {
  return useChange((blockLists: string[]) => ({ blockLists }))
}

function useChange<Input>(bodyOf: (input: Input) => object) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => api(PATH, { schema: CheckSettings, method: 'PATCH', body: bodyOf(input) }),
    onSuccess(settings) {
      client.setQueryData(checkSettingsKeys.all, settings)
      void client.invalidateQueries({ queryKey: checkKeys.scorecards })
    },
    onError: () => client.invalidateQueries({ queryKey: checkSettingsKeys.all }),
  })
}
