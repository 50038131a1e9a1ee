import { z } from 'zod'

/** Base URL of the registry's service by suffix. */
export type RdapServices = ReadonlyMap<string, string>

const Bootstrap = z.object({ services: z.array(z.tuple([z.array(z.string()), z.array(z.string())])) })

/** Reads IANA's list (RFC 9224 §4); services without TLS are left out. Null when it is no such list. */
export function parseBootstrap(body: string): RdapServices | null {
  const list = Bootstrap.safeParse(parseJson(body)).data
  if (!list) return null
  const pairs = list.services.flatMap(([suffixes, urls]) => {
    const url = urls.find((one) => one.startsWith('https://') && URL.canParse(one))
    return url === undefined ? [] : suffixes.map((suffix) => [suffix.toLowerCase(), url] as const)
  })
  return new Map(pairs)
}

/** The service of the longest suffix (RFC 9224 §4); null when the registry has none. */
export function serviceFor(services: RdapServices, domain: string): string | null {
  for (let labels = domain.split('.').slice(1); labels.length > 0; labels = labels.slice(1)) {
    const url = services.get(labels.join('.'))
    if (url !== undefined) return url
  }
  return null
}

/** What RDAP says about a domain, as far as it matters here. */
export interface RdapDomain {
  /** ms; null where the registry tells none. */
  expiresAt: number | null
  /** Lower-case words, for example `client hold`. */
  status: string[]
}

const Domain = z.object({
  objectClassName: z.literal('domain'),
  events: z.array(z.object({ eventAction: z.string(), eventDate: z.string() })).optional(),
  status: z.array(z.string()).optional(),
})

/** Reads the answer about a domain (RFC 9083 §5.3); null when it is none. */
export function parseRdapDomain(body: string): RdapDomain | null {
  const domain = Domain.safeParse(parseJson(body)).data
  if (!domain) return null
  const expiration = domain.events?.find(({ eventAction }) => eventAction.toLowerCase() === 'expiration')
  const expiresAt = Date.parse(expiration?.eventDate ?? '')
  return {
    expiresAt: Number.isNaN(expiresAt) ? null : expiresAt,
    status: (domain.status ?? [])
      .slice(0, 20)
      .map((word) => word.slice(0, 100).toLowerCase())
      .sort(),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
