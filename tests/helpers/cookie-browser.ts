interface Cookie {
  name: string
  value: string
  path: string
}

/** A browser as far as sign-in needs one: keeps cookies by host and path, follows redirects, says where its requests come from. */
export class CookieBrowser {
  private readonly jars = new Map<string, Cookie[]>()

  /** One request, no redirect followed. */
  async request(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin, pathname } = new URL(url)
    const cookies = this.jar(origin).filter(({ path }) => pathname === path || pathname.startsWith(path.replace(/\/?$/, '/')))
    const headers = new Headers(init.headers)
    if (cookies.length > 0) headers.set('cookie', cookies.map(({ name, value }) => `${name}=${value}`).join('; '))
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) this.keep(origin, line)
    return answer
  }

  /** Follows redirects until something else comes. `trail` is every address on the way. */
  async visit(url: string, init: RequestInit = {}): Promise<{ answer: Response; url: string; trail: string[] }> {
    const trail = [url]
    let answer = await this.request(url, init)
    while (answer.status >= 300 && answer.status < 400 && trail.length < 20) {
      url = new URL(answer.headers.get('location')!, url).href
      trail.push(url)
      answer = await this.request(url)
    }
    return { answer, url, trail }
  }

  /** Posts a form as a page of that origin would. */
  submit(url: string, fields: Record<string, string>) {
    return this.visit(url, { method: 'POST', body: new URLSearchParams(fields), headers: { origin: new URL(url).origin } })
  }

  cookie(url: string, name: string): string | undefined {
    return this.jar(new URL(url).origin).find((cookie) => cookie.name === name)?.value
  }

  setCookie(url: string, name: string, value: string): void {
    this.keep(new URL(url).origin, `${name}=${value}; Path=/`)
  }

  private jar(origin: string): Cookie[] {
    return this.jars.get(origin) ?? []
  }

  private keep(origin: string, line: string): void {
    const [pair, ...attributes] = line.split(';').map((part) => part.trim())
    const [name, value] = [pair!.slice(0, pair!.indexOf('=')), pair!.slice(pair!.indexOf('=') + 1)]
    const attribute = (key: string) => attributes.find((text) => text.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1)
    const path = attribute('path') ?? '/'
    const others = this.jar(origin).filter((cookie) => cookie.name !== name || cookie.path !== path)
    const expires = attribute('expires')
    const over = value === '' || attribute('max-age') === '0' || (expires !== undefined && Date.parse(expires) <= Date.now())
    this.jars.set(origin, over ? others : [...others, { name, value, path }])
  }
}
