import type { DnsOutcome } from './types'
import type { ServerAddress } from './server-address'

/** A resolver that came back is found again after this. */
const REMEMBER_MS = 30_000
/** Silent questions in a row after which a resolver gets only a short try. One or two may be the fault of a slow zone. */
const SILENT_FOR_SURE = 3
const SHORT_TRY_MS = 1_000

/**
 * Remembers which resolvers stayed silent. Without it, every question of a cycle would first wait for the full deadline of a resolver
 * that is down, and a thousand domains would end as `timeout` though the other resolver is well.
 */
export class ResolverOrder {
  private readonly silence = new Map<ServerAddress, { count: number; until: number }>()

  constructor(
    private readonly servers: readonly ServerAddress[],
    private readonly now: () => number,
  ) {}

  /** Whom to ask first and second; the same resolver twice when it is the only one. */
  pair(): [ServerAddress, ServerAddress] {
    const [first, second] = this.silence.size === 0 ? this.servers : this.silentLast()
    if (!first) throw new TypeError('No DNS server is configured')
    return [first, second ?? first]
  }

  private silentLast(): ServerAddress[] {
    const silent = (server: ServerAddress) => (this.silenceOf(server) > 0 ? 1 : 0)
    return [...this.servers].sort((a, b) => silent(a) - silent(b))
  }

  timeoutFor(server: ServerAddress, fullMs: number): number {
    return this.silenceOf(server) >= SILENT_FOR_SURE ? Math.min(fullMs, SHORT_TRY_MS) : fullMs
  }

  /** Any reply, be it a refusal, shows that the resolver is there. */
  note(server: ServerAddress, outcome: DnsOutcome): void {
    if (outcome === 'timeout' || outcome === 'network') {
      this.silence.set(server, { count: this.silenceOf(server) + 1, until: this.now() + REMEMBER_MS })
    } else {
      this.silence.delete(server)
    }
  }

  private silenceOf(server: ServerAddress): number {
    const silence = this.silence.get(server)
    return silence && silence.until > this.now() ? silence.count : 0
  }
}
