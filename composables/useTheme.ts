export const THEMES = ['system', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]

const STORAGE_KEY = 'vigia-theme'

/** The colour theme of this browser; public/theme.js applies the stored one before the first paint. */
export function useTheme() {
  const theme = useState<Theme>('theme', () => {
    const set = document.documentElement.dataset.theme
    return set === 'light' || set === 'dark' ? set : 'system'
  })

  function choose(next: Theme) {
    theme.value = next
    if (next === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = next
    store(next)
  }

  return { theme: readonly(theme), choose }
}

function store(theme: Theme) {
  try {
    if (theme === 'system') localStorage.removeItem(STORAGE_KEY)
    else localStorage.setItem(STORAGE_KEY, theme)
  } catch {
    // Storage is blocked: the choice lasts until the page is left.
  }
}
