// Asks the servers above a zone where they send people: what stands there is changed at the registrar, not in the zone.
import { isAllowedAddress } from '../http/address-guard'
import { startDeadline } from '../deadline'
import { askDirectly } from './ask-directly'
import type { Delegation } from './types'
import { parentOf, serverAt, type ZoneLookOptions } from './zone-look'

/** Servers of one zone say the same; the second and third are there for a first that is silent. */
const MAX_SERVERS = 3
const SERVER_TIMEOUT_MS = 1_500
const LOOK_TIMEOUT_MS = 4_000

/** What the zone above `zone` says about its servers. Never rejects. */
export async function lookAtParent(options: ZoneLookOptions, zone: string, signal?: AbortSignal): Promise<Delegation> {
  const deadline = startDeadline(LOOK_TIMEOUT_MS, signal)
  try {
    for (let parent = parentOf(zone); parent !== null; parent = parentOf(parent)) {
      const answer = await options.query(parent, 'NS', { signal: deadline.signal })
      // A name between two zones has no servers of its own; of a fault nothing follows.
      if (answer.outcome === 'nodata' || answer.outcome === 'nxdomain') continue
      const servers = answer.records.map(({ value }) => value).slice(0, MAX_SERVERS)
      return { parent, hosts: await askForReferral(options, { zone, parent, servers }, deadline.signal) }
    }
    return { parent: null, hosts: null }
  } finally {
    deadline.close()
  }
}

interface Above {
  zone: string
  parent: string
  servers: string[]
}

/** Null when none of the servers points to the zone; one that serves both zones answers out of the lower one and tells nothing either. */
async function askForReferral(
  { query, allowNets, portAt }: ZoneLookOptions,
  { zone, parent, servers }: Above,
  signal: AbortSignal,
): Promise<string[] | null> {
  for (const host of servers) {
    const addresses = (await query(host, 'A', { signal })).records.map(({ value }) => value)
    const address = addresses.find((one) => isAllowedAddress(one, { allowNets }))
    if (address === undefined) continue
    const question = { name: zone, type: 'NS' as const, zone: parent }
    const { referral } = await askDirectly(serverAt(address, portAt), question, SERVER_TIMEOUT_MS, signal)
    if (referral?.zone === zone) return [...referral.hosts].sort()
  }
  return null
}
