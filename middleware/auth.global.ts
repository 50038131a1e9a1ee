/** Fetches the session before the first page: without server rendering the sign-in module would do so only after it is mounted. */
export default defineNuxtRouteMiddleware(async (to) => {
  if (to.path === '/no-access') return
  const auth = useOidcAuth()
  if (!auth.loggedIn.value) await auth.fetch()
  if (!auth.loggedIn.value) return navigateTo(`/auth/login?next=${encodeURIComponent(to.fullPath)}`, { external: true })
})
