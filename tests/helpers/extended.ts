import type { DnsAnswer, DnsClient, DnsOutcome, RecordType } from '#server/platform/dns/types'
import { NO_ZONE } from '#server/platform/dns/zone-look'
import type { ExtendedCheck, ExtendedTarget, ExtendedVerdict, ExtendedWorld } from '#server/services/checks/extended/contract'
import { Memory } from '#server/services/checks/memory'
import { answerOf, NOW, targetOf } from './check-facts'

/** What stands at `TYPE name`: values, another outcome, or values with changes to the answer; all else does not exist. */
export type Zone = Record<string, string[] | DnsOutcome | (Partial<DnsAnswer> & { values: string[] | DnsOutcome })>

/** A world without a network: DNS out of a zone, everything else as given; nothing is shared. */
export function zoneWorld(zone: Zone, parts: Partial<ExtendedWorld> = {}): ExtendedWorld {
  const query = (name: string, type: RecordType): Promise<DnsAnswer> => {
    const found = zone[`${type} ${name}`] ?? 'nxdomain'
    if (Array.isArray(found) || typeof found === 'string') return Promise.resolve(answerOf(name, type, found))
    const { values, ...changes } = found
    return Promise.resolve(answerOf(name, type, values, changes))
  }
  const dns: DnsClient = { query, zone: () => Promise.resolve(NO_ZONE), fresh: () => dns }
  const missing = (what: string) => () => Promise.reject(new Error(`This table has no ${what}`))
  return {
    ...{
      config: { allowNets: [] },
      dns,
      http: { request: missing('HTTP') },
      tls: { handshake: missing('TLS') },
      mail: { look: missing('mail') },
    },
    ...{ now: () => NOW, random: () => 0.5, signal: new AbortController().signal },
    shared: (_key, look) => look(),
    visit: { handshake: missing('visit'), get: missing('visit'), close: () => Promise.resolve() },
    memory: new Memory(),
    canaryOk: () => Promise.resolve(true),
    blockLists: () => Promise.resolve([]),
    ...parts,
  }
}

export function extendedTargetOf(changes: Partial<ExtendedTarget> = {}): ExtendedTarget {
  return { ...targetOf(), memory: null, ...changes }
}

/** What a check makes of a world: both of its halves. */
export async function verdictIn<O>(
  check: ExtendedCheck<O>,
  world: ExtendedWorld,
  target = extendedTargetOf(),
): Promise<ExtendedVerdict> {
  return check.evaluate(await check.collect(world, target), target, NOW)
}
