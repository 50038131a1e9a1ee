import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'

/** The one data cache. The live stream keeps it fresh, so nothing is fetched again merely because a window got the focus. */
export default defineNuxtPlugin((nuxt) => {
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && !isFinal(error),
      },
    },
  })
  nuxt.vueApp.use(VueQueryPlugin, { queryClient })
  return { provide: { queryClient } }
})

/** An answer that another try will not change: what the client did wrong. */
function isFinal(error: unknown): boolean {
  const { status } = (error ?? {}) as { status?: number }
  return status !== undefined && status >= 400 && status < 500 && status !== 429
}
