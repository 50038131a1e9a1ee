// Runs before the first paint, as a file because the content security policy allows no inline script.
try {
  const theme = localStorage.getItem('vigia-theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is blocked: the system decides.
}
