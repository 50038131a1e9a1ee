import { askServer, type Word } from './ask-server'
import { TtlCache } from './cache'
import { InFlight } from './in-flight'
import { Limiter } from './limiter'
import { normaliseName } from './names'
import { ResolverOrder } from './resolver-order'
import { combine, isNegative } from './second-opinion'
import { parseServerAddress } from './server-address'
import type { DnsAnswer, DnsClient, DnsOutcome, DnsQueryOptions, RecordType } from './types'

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
}

/** Seconds. A change in a zone shows after ten minutes at the latest, whatever its TTL says. */
const MAX_TTL = 600

/**
 * The DNS client: asks a second resolver before anything but an answer counts, keeps answers for their TTL and negative ones as
 * RFC 2308 says, and turns every fault into an outcome.
 * @throws TypeError when no server is given, or one that is no address.
 */
export function createDnsClient(options: DnsClientOptions): DnsClient {
  if (options.servers.length === 0) throw new TypeError('No DNS server is configured')
  const { now } = options
  const servers = options.servers.map(parseServerAddress)
  const order = new ResolverOrder(servers, now)
  const limiter = new Limiter(options.concurrency ?? 64)
  const cache = new TtlCache<DnsAnswer>(options.cacheEntries ?? 50_000, now)
  const queryTimeoutMs = options.queryTimeoutMs ?? 4_000
  const singleResolver = servers.length === 1

  function answerOf(name: string, type: RecordType, askedAt: number, words: Word[], disagree: boolean, counted: Word): DnsAnswer {
    const { outcome, records, cnames, ttl } = counted
    const replies = words.map((word) => word.reply)
    return {
      name,
      type,
      outcome,
      records,
      cnames,
      ttl: Math.min(ttl, MAX_TTL),
      replies,
      disagree,
      singleResolver,
      cached: false,
      askedAt,
    }
  }

  function unasked(name: string, type: RecordType, outcome: DnsOutcome): DnsAnswer {
    return {
      name,
      type,
      outcome,
      records: [],
      cnames: [],
      ttl: 0,
      replies: [],
      disagree: false,
      singleResolver,
      cached: false,
      askedAt: now(),
    }
  }

  async function lookUp(name: string, type: RecordType, signal: AbortSignal): Promise<DnsAnswer> {
    const askedAt = now()
    const words: Word[] = []
    const ask = async (server: (typeof servers)[number]) => {
      const word = await askServer(server, name, type, { timeoutMs: order.timeoutFor(server, queryTimeoutMs), signal })
      // An aborted question says nothing about the resolver.
      if (!signal.aborted) order.note(server, word.outcome)
      words.push(word)
      return word
    }
    const [firstServer, secondServer] = order.pair()
    const first = await ask(firstServer)
    if (first.outcome === 'answer' || signal.aborted) return answerOf(name, type, askedAt, words, false, first)
    const counted = combine(first, await ask(secondServer))
    return answerOf(name, type, askedAt, words, counted.disagree, counted)
  }

  function keep(key: string, answer: DnsAnswer): void {
    // A fault is no knowledge; what was known before it stays until its own end.
    if (answer.outcome === 'answer' || isNegative(answer.outcome)) cache.set(key, answer, answer.ttl * 1_000)
  }

  function clientWith(readsCache: boolean): DnsClient {
    const inFlight = new InFlight<DnsAnswer>()

    async function query(rawName: string, type: RecordType, { signal }: DnsQueryOptions = {}): Promise<DnsAnswer> {
      const name = normaliseName(rawName)
      if (name === null) return unasked(rawName, type, 'formerr')
      const key = `${type} ${name}`
      const known = readsCache ? cache.get(key) : undefined
      if (known) return { ...known, cached: true }
      const work = async (shared: AbortSignal) => {
        const answer = await limiter.run(() => lookUp(name, type, shared))
        // A fresh client does not read the cache but fills it, or the next cycle would show older facts than the person just saw.
        keep(key, answer)
        return answer
      }
      return inFlight.share(key, work, () => unasked(name, type, 'timeout'), signal)
    }

    return { query, fresh: () => clientWith(false) }
  }

  return clientWith(true)
}
