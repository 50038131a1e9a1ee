/** A link to another page keeps the chosen tenant, so that no link has to think of it. Back and Forward go exactly where they were. */
export default defineNuxtPlugin(() => {
  const router = useRouter()
  let travelling = false
  router.options.history.listen(() => (travelling = true))
  router.afterEach(() => {
    travelling = false
  })
  router.beforeEach((to, from) => {
    const { tenant } = from.query
    if (travelling || !tenant || 'tenant' in to.query || to.path === from.path) return true
    return { ...to, query: { ...to.query, tenant } }
  })
})
