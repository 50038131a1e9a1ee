/** The scorecard that lies open over a page, in the URL as `?card=tenant/domain`. */
export function useCardLink() {
  const route = useRoute()
  const router = useRouter()

  const card = computed(() => {
    const [, tenant, domain] = /^([^/]+)\/(.+)$/.exec(String(route.query.card ?? '')) ?? []
    return tenant && domain ? { tenant, domain } : null
  })
  const to = (tenant: string, domain: string) => ({ query: { ...route.query, card: `${tenant}/${domain}` } })
  const isOpen = (tenant: string, domain: string) => card.value?.tenant === tenant && card.value.domain === domain
  const close = () => router.push({ query: { ...route.query, card: undefined } })

  return { card, to, isOpen, close }
}
