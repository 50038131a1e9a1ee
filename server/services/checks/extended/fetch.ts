import type { HttpResult } from '#server/platform/http/types'
import { isSilence } from '../evaluate/verdict'
import { addressesOf, type HostAddresses, ownAddresses, resolveHost } from '../collectors/look'
import type { CheckTarget } from '../collectors/contract'
import type { ExtendedWorld } from './contract'

const TIMEOUT_MS = 8_000
/** A host may have many addresses: after this many that stay silent we know enough. */
const MAX_TRIES = 3

/** What came of a GET over verified TLS; `result` is null when the host has no address, or none that is known. */
export interface Fetched {
  url: string
  host: HostAddresses
  result: HttpResult | null
}

export interface FetchOptions {
  maxBodyBytes: number
  /** Addresses of this mail host may be inner ones. */
  mailHost?: CheckTarget['mailHost']
  headers?: Record<string, string>
  /** Null for a look that is shared. */
  signal?: AbortSignal | null
}

/** Gets a document over TLS with a valid certificate; redirects are results. An address that stays silent leaves the turn to the next. */
export async function fetchSecurely(world: ExtendedWorld, url: URL, options: FetchOptions): Promise<Fetched> {
  const signal = options.signal === undefined ? world.signal : options.signal
  const host = await resolveHost(world, url.hostname, signal)
  let result: HttpResult | null = null
  for (const address of addressesOf(host).slice(0, MAX_TRIES)) {
    result = await world.http.request({
      ...{ url, address, verifyTls: true, timeoutMs: TIMEOUT_MS, maxBodyBytes: options.maxBodyBytes },
      ...{ headers: options.headers, ownAddresses: ownAddresses(options.mailHost ?? null), signal: signal ?? undefined },
    })
    if (result.ok || !isSilence(result.fault)) break
  }
  return { url: url.href, host, result }
}

const MAX_REDIRECTS = 2

/** As `fetchSecurely`, and goes where it is sent, over TLS only. */
export async function fetchFollowing(world: ExtendedWorld, start: URL, options: FetchOptions): Promise<Fetched> {
  let url = start
  for (let hops = 0; ; hops++) {
    const fetched = await fetchSecurely(world, url, options)
    const next = hops < MAX_REDIRECTS ? redirectOf(fetched.result, url) : null
    if (next === null) return fetched
    url = next
  }
}

function redirectOf(result: HttpResult | null, from: URL): URL | null {
  const location = result?.ok && result.status >= 300 && result.status < 400 ? result.headers.location : undefined
  if (location === undefined || !URL.canParse(location, from)) return null
  const next = new URL(location, from)
  return next.protocol === 'https:' ? next : null
}
