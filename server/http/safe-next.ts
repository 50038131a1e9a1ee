/** Where a sign-in may lead: a page of this portal, never another site and never the sign-in itself. `/` for anything else. */
export function safeNext(next: unknown, baseUrl: string): string {
  if (typeof next !== 'string' || !next.startsWith('/') || next.length > 2_000) return '/'
  try {
    const { origin, pathname, search, hash } = new URL(next, baseUrl)
    const ours = origin === new URL(baseUrl).origin && !pathname.startsWith('//')
    return ours && !/^\/(auth|api|no-access)(\/|$)/.test(pathname) ? pathname + search + hash : '/'
  } catch {
    return '/'
  }
}
