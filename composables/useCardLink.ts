/** The scorecard that lies open over a page, in the URL as `?card=tenant/domain`. */
export function useCardLink() {
  const route = useRoute()
  const router = useRouter()

  const card = computed(() => {
    const [, tenant, domain] = /^([^/]+)\/(.+)$/.exec(String(route.query.card ?? '')) ?? []
    return tenant && domain ? { tenant, domain } : null
  })
  const to = (tenant: string, domain: string) => ({ query: { ...route.query, card: `${tenant}/${domain}` } })
  const bare = computed(() => router.resolve({ query: { ...route.query, card: undefined } }).href)
  /** The same as plain text, for a list of many; `follow` on the list takes the clicks. */
  const hrefTo = (tenant: string, domain: string) =>
    `${bare.value}${bare.value.includes('?') ? '&' : '?'}card=${encodeURIComponent(tenant)}/${encodeURIComponent(domain)}`

  /** Goes to the address of a link without loading the page anew; with a key held the browser does what it does. */
  function follow(event: MouseEvent) {
    const link = (event.target as HTMLElement).closest('a')
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined
    event.preventDefault()
    return router.push(`${link.pathname}${link.search}`)
  }
  const isOpen = (tenant: string, domain: string) => card.value?.tenant === tenant && card.value.domain === domain
  const close = () => router.push({ query: { ...route.query, card: undefined } })

  return { card, to, hrefTo, follow, isOpen, close }
}
