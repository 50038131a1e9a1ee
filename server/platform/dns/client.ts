import { parseNetworks } from '../http/address-guard'
import { asNamed, type PortAt } from '../stand-ins'
import { TtlCache } from './cache'
import { InFlight } from './in-flight'
import { Limiter } from './limiter'
import { createLookUp, silentAnswer } from './look-up'
import { normaliseName, ROOT } from './names'
import { isNegative } from './second-opinion'
import { parseServerAddress } from './server-address'
import type { DnsAnswer, DnsClient, DnsQueryOptions, RecordType } from './types'
import { lookAtParent } from './parent-look'
import { lookAtZone } from './zone-look'

/** We ask again after ten minutes, whatever the TTL says; resolvers may well keep the old answer for longer. */
const MAX_KEPT_SEC = 600

export interface DnsClientOptions {
  /** `ip`, `ip:port` or `[v6]:port`, the preferred one first; two are advised. */
  servers: readonly string[]
  /** Milliseconds since the epoch; drives the cache and `askedAt`. */
  now: () => number
  /** Per resolver and question, UDP, TCP and CNAME chain together. Two resolvers have to fit into the ten seconds of a check. */
  queryTimeoutMs?: number
  /** Look-ups at the same time. */
  concurrency?: number
  cacheEntries?: number
  /** Inner networks where servers of zones may be asked, in CIDR notation; all public addresses may. */
  allowNets?: readonly string[]
  /** Where servers of zones listen, in the sample world; elsewhere it is port 53. */
  portAt?: PortAt
}

/**
 * The DNS client: asks a second resolver before anything but an answer counts, keeps answers for their TTL and negative ones as
 * RFC 2308 says, and turns every fault into an outcome.
 * @throws TypeError when no server is given, or one that is no address, or a network that is none.
 */
export function createDnsClient(options: DnsClientOptions): DnsClient {
  if (options.servers.length === 0) throw new TypeError('No DNS server is configured')
  const { now } = options
  const servers = options.servers.map(parseServerAddress)
  const allowNets = parseNetworks(options.allowNets ?? [])
  const lookUp = createLookUp(servers, now, options.queryTimeoutMs ?? 4_000)
  const limiter = new Limiter(options.concurrency ?? 64)
  const cache = new TtlCache<DnsAnswer>(options.cacheEntries ?? 50_000, now)

  function unasked(name: string, type: RecordType, outcome: 'formerr' | 'timeout'): DnsAnswer {
    return { ...silentAnswer({ name, type }, now(), servers.length === 1), outcome }
  }

  function clientWith(readsCache: boolean): DnsClient {
    const inFlight = new InFlight<DnsAnswer>()

    async function query(rawName: string, type: RecordType, options: DnsQueryOptions = {}): Promise<DnsAnswer> {
      const { signal, dnssec = false, checkingDisabled = false } = options
      const name = normaliseName(rawName)
      if (name === null) return unasked(rawName, type, 'formerr')
      // An answer without its signatures, or one that nobody validated, must not stand for the other kind.
      const key = `${type} ${name}${dnssec ? ' DO' : ''}${checkingDisabled ? ' CD' : ''}`
      const known = readsCache ? cache.get(key) : undefined
      if (known) return { ...known, cached: true }
      const work = async (shared: AbortSignal) => {
        const answer = await limiter.run(() => lookUp({ name, type, flags: { dnssec, checkingDisabled } }, shared))
        // A fault is no knowledge; what was known before it stays until its own end. A fresh client does not read the cache but fills
        // it, or the next cycle would show older facts than the person just saw.
        if (answer.outcome === 'answer' || isNegative(answer.outcome))
          cache.set(key, answer, Math.min(answer.ttl, MAX_KEPT_SEC) * 1_000)
        return answer
      }
      return inFlight.share(key, work, () => unasked(name, type, 'timeout'), signal)
    }

    const zoneLooks = { query, allowNets, portAt: options.portAt ?? asNamed }
    return {
      query,
      async zone(name, { signal, parent = false } = {}) {
        const look = await lookAtZone(zoneLooks, normaliseName(name) ?? ROOT, signal)
        return parent && look.zone !== null ? { ...look, parent: await lookAtParent(zoneLooks, look.zone, signal) } : look
      },
      fresh: () => clientWith(false),
    }
  }

  return clientWith(true)
}
