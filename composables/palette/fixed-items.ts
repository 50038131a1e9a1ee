import type { PaletteItem } from '../usePaletteItems'

const page = (label: string, to: string, hint?: string): PaletteItem => ({
  id: `page-${to}`,
  label,
  hint,
  run: () => navigateTo(to),
})

/** The pages, in the order of the navigation. */
export const PALETTE_PAGES: PaletteItem[] = [
  page('Overview', '/', 'g o'),
  page('What changed', '/checks/changes'),
  page('Tenants', '/tenants', 'g t'),
  page('Audit', '/audit', 'g a'),
  page('Audit sources', '/audit/sources'),
  page('Settings', '/settings', 'g s'),
  page('Mail hosts', '/settings/mail-hosts'),
  page('Extended checks', '/settings/checks'),
  page('Users', '/settings/users'),
  page('About', '/settings/about'),
]

/** What can be done from anywhere. */
export function paletteActions(): PaletteItem[] {
  const { choose } = useTheme()
  const { open } = usePalette()
  return [
    { id: 'failing', label: 'Show what is failing', run: () => navigateTo('/?status=failing') },
    { id: 'matrix', label: 'Show the matrix', run: () => navigateTo('/?view=matrix') },
    { id: 'audit-failures', label: 'Show failures in the audit log', run: () => navigateTo('/audit?outcome=failure') },
    { id: 'audit-unusual', label: 'Show what is unusual in the audit log', run: () => navigateTo('/audit?risk=60') },
    { id: 'new-tenant', label: 'New tenant', run: () => navigateTo('/tenants?new=1') },
    { id: 'new-mail-host', label: 'New mail host', run: () => navigateTo('/settings/mail-hosts/new') },
    { id: 'switch', label: 'Switch tenant…', run: () => nextTick(() => open('tenants')) },
    ...THEMES.map((theme) => ({ id: `theme-${theme}`, label: `Theme: ${theme}`, run: () => choose(theme) })),
  ]
}
