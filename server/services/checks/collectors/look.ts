import type { DnsAnswer } from '#server/platform/dns/types'
import type { VisitTarget } from '#server/platform/http/types'
import { perObject } from '../per-object'
import type { CheckTarget, CheckWorld, ExpectedMailHost } from './contract'

/** One connection, milliseconds. */
export const CONNECT_TIMEOUT_MS = 5_000

/** The addresses of a host name, both families. */
export interface HostAddresses {
  host: string
  a: DnsAnswer
  aaaa: DnsAnswer
}

/** Asks for both families of a host name. */
export async function resolveHost(
  world: Pick<CheckWorld, 'dns' | 'signal'>,
  host: string,
  signal: AbortSignal | null = world.signal,
): Promise<HostAddresses> {
  const options = signal ? { signal } : {}
  const [a, aaaa] = await Promise.all([world.dns.query(host, 'A', options), world.dns.query(host, 'AAAA', options)])
  return { host, a, aaaa }
}

/** Every address of a host, IPv4 first, in a stable order. */
export function addressesOf(host: HostAddresses): string[] {
  return [host.a, host.aaaa].flatMap((answer) => answer.records.map((record) => record.value).sort())
}

/** `ip`, `ip:port` or `[ipv6]:port`; the port is 443 when none is given. */
export function parseFrontend(frontend: string): { address: string; port: number } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(frontend)
  if (bracketed?.[1]) return { address: bracketed[1], port: Number(bracketed[2] ?? 443) }
  const plain = /^([^:]+):(\d+)$/.exec(frontend)
  return plain?.[1] ? { address: plain[1], port: Number(plain[2]) } : { address: frontend, port: 443 }
}

/** The addresses that belong to the mail host by its own description: connections may go there even when they are inner ones. */
export function ownAddresses(mailHost: ExpectedMailHost | null): string[] {
  return mailHost ? addressesOfMailHost(mailHost) : []
}

const addressesOfMailHost = perObject(({ frontends, sendingAddresses }: ExpectedMailHost) => [
  ...new Set([...frontends.map((frontend) => parseFrontend(frontend).address), ...sendingAddresses]),
])

const MAX_PAGE_BYTES = 256 * 1024

/** `GET` of a page of the webmail name at one address; the same for every check that asks, so that it is asked once. */
export function siteOf(target: CheckTarget, address: string, path = '/', port?: number): VisitTarget {
  const { mailHost, webmailHost } = expectMailHost(target)
  return {
    url: new URL(path, `https://${webmailHost}:${port ?? mailHost.webmail.port}`),
    address,
    ownAddresses: ownAddresses(mailHost),
    timeoutMs: CONNECT_TIMEOUT_MS,
    maxBodyBytes: MAX_PAGE_BYTES,
  }
}

/** The mail host and webmail name of a target that the engine has already let through. */
export function expectMailHost(target: CheckTarget): { mailHost: ExpectedMailHost; webmailHost: string } {
  if (!target.mailHost || !target.webmailHost) throw new Error('the check needs a mail host')
  return { mailHost: target.mailHost, webmailHost: target.webmailHost }
}
