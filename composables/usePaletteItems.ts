import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { Overview } from '#shared/schemas/checks'
import { TenantList } from '#shared/schemas/tenants'
import { domainTone, type Tone } from '#shared/status'

interface PaletteItem {
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

const SHOWN = 6
const SWITCHER_SHOWN = 50
const TYPING_MS = 120

/** What the palette offers for a text: the server searches tenants and domains, pages and actions are matched here. */
export function usePaletteItems(text: Ref<string>) {
  const { mode } = usePalette()
  const { tenant: scope, choose } = useScope()
  const q = useDebounced(text, TYPING_MS)
  const isSwitcher = computed(() => mode.value === 'tenants')

  const { tenants, domains } = usePaletteSearch(q, isSwitcher)

  const tenantItems = computed(() =>
    (tenants.data.value?.tenants ?? []).map(({ slug, name, status, domains: count }) => ({
      id: `tenant-${slug}`,
      label: name,
      hint: isSwitcher.value ? slug : `${slug} · ${count} ${count === 1 ? 'domain' : 'domains'}`,
      status: domainTone(status),
      // Decided now: when it runs, the palette is closed and its mode is gone.
      run: isSwitcher.value ? () => choose(slug) : () => navigateTo(`/tenants/${slug}`),
    })),
  )
  const domainItems = computed(() =>
    q.value.trim() === ''
      ? []
      : (domains.data.value?.domains ?? []).map(({ id, domain, tenant, status }) => ({
          id: `domain-${id}`,
          label: domain,
          hint: tenant.name,
          status: domainTone(status),
          run: () => navigateTo({ path: '/', query: { card: `${tenant.slug}/${domain}` } }),
        })),
  )
  const everybody = computed<PaletteItem[]>(() =>
    scope.value || isSwitcher.value
      ? [{ id: 'everybody', label: 'All tenants', hint: 'no narrowing', run: () => choose(null) }]
      : [],
  )
  const fixed = useFixedItems()
  const matching = (items: PaletteItem[]) =>
    items.filter(({ label }) => label.toLowerCase().includes(text.value.trim().toLowerCase()))

  const groups = computed<PaletteGroup[]>(() =>
    (isSwitcher.value
      ? [{ title: 'Tenants', items: [...matching(everybody.value), ...tenantItems.value] }]
      : [
          { title: 'Pages', items: matching(fixed.pages) },
          { title: 'Tenants', items: tenantItems.value },
          { title: 'Domains', items: domainItems.value },
          { title: 'Actions', items: matching([...everybody.value, ...fixed.actions]) },
        ]
    ).filter(({ items }) => items.length > 0),
  )
  return { groups, busy: computed(() => tenants.isFetching.value || domains.isFetching.value) }
}

/** What the server finds for a text: tenants always, domains once something is typed. */
function usePaletteSearch(q: Readonly<Ref<string>>, isSwitcher: Readonly<Ref<boolean>>) {
  const tenants = useQuery({
    queryKey: computed(() => ['tenants', 'palette', q.value, isSwitcher.value]),
    queryFn: ({ signal }) =>
      api('/api/v1/tenants', {
        schema: TenantList,
        query: { q: q.value, limit: isSwitcher.value ? SWITCHER_SHOWN : SHOWN },
        signal,
      }),
    placeholderData: keepPreviousData,
  })
  const domains = useQuery({
    queryKey: computed(() => ['checks', 'palette', q.value]),
    queryFn: ({ signal }) => api('/api/v1/audit/overview', { schema: Overview, query: { q: q.value, limit: SHOWN }, signal }),
    enabled: () => !isSwitcher.value && q.value.trim() !== '',
    placeholderData: keepPreviousData,
  })
  return { tenants, domains }
}

/** Pages and actions: always the same few. */
function useFixedItems() {
  const { choose: chooseTheme } = useTheme()
  const { open } = usePalette()
  const page = (label: string, to: string, hint?: string): PaletteItem => ({
    id: `page-${to}`,
    label,
    hint,
    run: () => navigateTo(to),
  })
  return {
    pages: [
      page('Overview', '/', 'g o'),
      page('Tenants', '/tenants', 'g t'),
      page('Settings', '/settings', 'g s'),
      page('Mail hosts', '/settings/mail-hosts'),
      page('Users', '/settings/users'),
    ],
    actions: [
      { id: 'failing', label: 'Show what is failing', run: () => navigateTo('/?status=failing') },
      { id: 'matrix', label: 'Show the matrix', run: () => navigateTo('/?view=matrix') },
      { id: 'switch', label: 'Switch tenant…', run: () => nextTick(() => open('tenants')) },
      ...THEMES.map((theme) => ({ id: `theme-${theme}`, label: `Theme: ${theme}`, run: () => chooseTheme(theme) })),
    ] satisfies PaletteItem[],
  }
}
