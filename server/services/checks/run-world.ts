import type { DnsClient, RecordType } from '#server/platform/dns/types'
import type { HttpClient } from '#server/platform/http/types'
import type { CheckWorld } from './collectors/contract'
import { Memory } from './memory'

/** What checks may use, without what each domain and each check gets for itself. */
export type RunWorld = Omit<CheckWorld, 'signal' | 'visit' | 'http'> & { http: HttpClient }

export interface RunWorldParts extends Pick<RunWorld, 'config' | 'http' | 'tls' | 'mail' | 'now' | 'random'> {
  /** `dns.fresh()` for a run that a person asked for. */
  dns: DnsClient
  /** A name and type that always resolves, or who knows already whether it does. */
  canary: { name: string; type: RecordType } | (() => boolean | Promise<boolean>)
  /** Of this process; when not given nothing outlives this world. */
  memory?: CheckWorld['memory']
  /** How late the timers of this process were of late, milliseconds. */
  lagMs(): number
}

/** Held up for longer than this the process may have missed an answer that was there in time. */
const MAX_LAG_MS = 1_000

/** The world of one cycle, or of one person's run: looks under the same key are made once, and the canary is asked once. */
export function createRunWorld({ canary, lagMs, memory = new Memory(), ...parts }: RunWorldParts): RunWorld {
  const looks = new Map<string, Promise<unknown>>()

  function shared<T>(key: string, look: () => Promise<T>): Promise<T> {
    // A key belongs to one kind of look, so that what it gave has that look's type.
    const known = looks.get(key) as Promise<T> | undefined
    if (known) return known
    const pending = look()
    looks.set(key, pending)
    // One that threw is a fault of ours and must not stick to every domain of the host.
    pending.catch(() => looks.delete(key))
    return pending
  }

  async function canaryOk(): Promise<boolean> {
    if (lagMs() > MAX_LAG_MS) return false
    if (typeof canary === 'function') return canary()
    return shared('canary', async () => (await parts.dns.query(canary.name, canary.type)).outcome === 'answer')
  }
  return { ...parts, memory, shared, canaryOk }
}
