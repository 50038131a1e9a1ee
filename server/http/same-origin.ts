import type { IncomingHttpHeaders } from 'node:http'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether a request may change something, as far as its origin goes. A browser adds cookies by itself, so a change that comes with
 * one must say that it comes from our own pages: by `Sec-Fetch-Site`, or by `Origin` where that is not sent (plain HTTP).
 * A bearer is never sent by itself.
 */
export function isOwnRequest(method: string, headers: IncomingHttpHeaders, baseUrl: string): boolean {
  if (SAFE_METHODS.has(method) || !headers.cookie || /^Bearer /i.test(headers.authorization ?? '')) return true
  const site = headers['sec-fetch-site']
  const { origin } = headers
  if (origin !== undefined && origin !== 'null' && origin !== new URL(baseUrl).origin) return false
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  return origin !== undefined && origin !== 'null'
}

/** Whether the Host header (RFC 9110 §7.2) is the base URL's; the scheme's own port may be named or left out. */
export function isOwnHost(host: string | undefined, baseUrl: string): boolean {
  const base = new URL(baseUrl)
  if (!host || !/^[\w.[\]:-]+$/.test(host)) return false
  try {
    return new URL(`${base.protocol}//${host}`).host === base.host
  } catch {
    return false
  }
}
