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
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, on }: { id: ExtendedId; on: boolean }) =>
      api(PATH, { schema: CheckSettings, method: 'PATCH', body: { extended: { [id]: on } } }),
    onSuccess(settings) {
      client.setQueryData(checkSettingsKeys.all, settings)
      void client.invalidateQueries({ queryKey: checkKeys.scorecards })
    },
    onError: () => client.invalidateQueries({ queryKey: checkSettingsKeys.all }),
  })
}
