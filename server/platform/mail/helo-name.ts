import { isIPv4, isIPv6 } from 'node:net'

/** What to call ourselves in EHLO (RFC 5321 §4.1.1.1): the portal's own host name where it is a full one, else an address literal. */
export function heloName(baseUrl: string): string {
  const host = new URL(baseUrl).hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIPv6(host)) return `[IPv6:${host}]`
  if (isIPv4(host)) return `[${host}]`
  return host.includes('.') ? host : '[127.0.0.1]'
}
