import type { DnsAnswer, RecordType } from '#server/platform/dns/types'
import type { CheckWorld } from './contract'
import type { HostAddresses } from './look'

/**
 * Asks about the domain itself: `name` is the domain or lies below it. When all resolvers say SERVFAIL and the canary is well, the
 * servers of the domain's zone are asked too, once a cycle for all its checks.
 */
export async function askDomain(world: CheckWorld, domain: string, name: string, type: RecordType): Promise<DnsAnswer> {
  const answer = await world.dns.query(name, type, { signal: world.signal })
  const allFailed = answer.replies.length > 1 && answer.replies.every((reply) => reply.outcome === 'servfail')
  if (!allFailed || !(await world.canaryOk())) return answer
  // Not under the signal of the check that happens to ask first.
  return { ...answer, zone: await world.shared(`zone:${domain}`, () => world.dns.zone(domain)) }
}

/** The addresses of a name that the domain publishes for its visitors, asked as `askDomain` does: a broken zone keeps everybody out. */
export async function resolveSite(world: CheckWorld, host: string): Promise<HostAddresses> {
  const [a, aaaa] = await Promise.all([askDomain(world, host, host, 'A'), askDomain(world, host, host, 'AAAA')])
  return { host, a, aaaa }
}
