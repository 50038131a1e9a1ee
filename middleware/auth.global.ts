/** Fetches the session before the first page: without server rendering the sign-in module would do so only after it is mounted. */
export default defineNuxtRouteMiddleware(async (to) => {
  if (to.path === '/no-access') return
  const { loggedIn, fetch } = useOidcAuth()
  if (!loggedIn.value) await fetch()
  if (!loggedIn.value) return navigateTo(`/auth/login?next=${encodeURIComponent(to.fullPath)}`, { external: true })
})
