type PaletteMode = 'closed' | 'everything' | 'tenants'

/** The palette: everything there is, or only the tenants to narrow the pages to. */
export function usePalette() {
  const mode = useState<PaletteMode>('palette', () => 'closed')
  return {
    mode: readonly(mode),
    open: (what: 'everything' | 'tenants' = 'everything') => (mode.value = what),
    close: () => (mode.value = 'closed'),
  }
}
