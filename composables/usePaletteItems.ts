import { domainTone, type Tone } from '#shared/status'
import { PALETTE_PAGES, paletteActions } from './palette/fixed-items'
import { usePaletteSearch } from './palette/search'

export interface PaletteItem {
  id: string
  label: string
  hint?: string
  status?: Tone
  run: () => unknown
}
interface PaletteGroup {
  title: string
  items: PaletteItem[]
}

const TYPING_MS = 120

/** What the palette offers for a text: the server searches tenants and domains; partners, pages and actions are matched here. */
export function usePaletteItems(text: Ref<string>) {
  const { mode } = usePalette()
  const { tenant: scope, choose } = useScope()
  const isSwitcher = computed(() => mode.value === 'tenants')
  const { tenants, partners, domains, isExact, busy } = useFoundItems(text, isSwitcher)
  const actions = paletteActions()

  const everybody = computed<PaletteItem[]>(() =>
    scope.value || isSwitcher.value
      ? [{ id: 'everybody', label: 'All tenants', hint: 'no narrowing', run: () => choose(null) }]
      : [],
  )
  const matching = (items: PaletteItem[]) =>
    items.filter(({ label }) => label.toLowerCase().includes(text.value.trim().toLowerCase()))

  const groups = computed<PaletteGroup[]>(() =>
    (isSwitcher.value
      ? [{ title: 'Tenants', items: [...matching(everybody.value), ...tenants.value] }]
      : [
          // Who types the whole name of a domain wants the domain, and not its tenant.
          ...(isExact.value ? [{ title: 'Domain', items: domains.value.slice(0, 1) }] : []),
          { title: 'Pages', items: matching(PALETTE_PAGES) },
          { title: 'Tenants', items: tenants.value },
          { title: 'Partners', items: partners.value },
          { title: 'Domains', items: domains.value.slice(isExact.value ? 1 : 0) },
          { title: 'Actions', items: matching([...everybody.value, ...actions]) },
        ]
    ).filter(({ items }) => items.length > 0),
  )
  return { groups, busy }
}

/** What is found in the data, and where each of it leads. */
function useFoundItems(text: Ref<string>, isSwitcher: Readonly<Ref<boolean>>) {
  const route = useRoute()
  const { choose } = useScope()
  const { to: cardLink } = useCardLink()
  const found = usePaletteSearch({ q: useDebounced(text, TYPING_MS), isSwitcher })

  const tenants = computed<PaletteItem[]>(() => {
    // Read now: when an item runs, the palette has closed and the mode is another.
    const switches = isSwitcher.value
    return found.tenants.value.map(({ slug, name, status, domains }) => ({
      id: `tenant-${slug}`,
      label: name,
      hint: switches ? slug : `${slug} · ${domains} ${domains === 1 ? 'domain' : 'domains'}`,
      status: domainTone(status),
      run: () => (switches ? choose(slug) : navigateTo(`/tenants/${slug}`)),
    }))
  })
  const partners = computed<PaletteItem[]>(() =>
    found.partners.value.map(({ slug, name }) => ({
      id: `partner-${slug}`,
      label: name,
      hint: 'its tenants’ domains',
      run: () => navigateTo({ path: '/', query: { partner: slug } }),
    })),
  )
  // Over the grid as it is filtered now, where the grid is what one looks at.
  const openCard = (tenant: string, domain: string) => {
    const { query } = cardLink(tenant, domain)
    return navigateTo({ path: '/', query: route.path === '/' ? query : { card: query.card } })
  }
  const domains = computed<PaletteItem[]>(() =>
    found.domains.value.map(({ id, domain, tenant, status }) => ({
      id: `domain-${id}`,
      label: domain,
      hint: tenant.name,
      status: domainTone(status),
      run: () => openCard(tenant.slug, domain),
    })),
  )
  return { tenants, partners, domains, isExact: found.isExact, busy: found.busy }
}
