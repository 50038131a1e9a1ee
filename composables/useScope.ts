/** The tenant that every page is narrowed to: `?tenant=slug`, part of every query key; undefined is all tenants. */
export function useScope() {
  const route = useRoute()
  const router = useRouter()
  const tenant = computed(() => firstOf(route.query.tenant))

  /** Narrows the present page to a tenant, null widens it again. An open panel is closed: it may belong to another tenant. */
  function choose(slug: string | null) {
    return router.push({ query: { ...route.query, tenant: slug ?? undefined, card: undefined, event: undefined } })
  }

  return { tenant, choose }
}

/** The first value of a query parameter that may be given several times; empty is undefined. */
function firstOf(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' && first !== '' ? first : undefined
}
