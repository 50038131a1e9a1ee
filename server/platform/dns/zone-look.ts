// Asks the servers of a zone themselves when resolvers cannot answer: whether the zone is broken, or only the way to it.
import { setMaxListeners } from 'node:events'
import { isAllowedAddress, type Network } from '../http/address-guard'
import { startDeadline } from '../deadline'
import type { PortAt } from '../stand-ins'
import { askDirectly, type DirectWord, type Referral } from './ask-directly'
import { ROOT } from './names'
import type { ServerAddress } from './server-address'
import type { DnsAnswer, DnsClient, ZoneLook, ZoneServerReply } from './types'

/** A zone may name a hundred servers; six are more than any zone needs. */
const MAX_HOSTS = 6
const MAX_ADDRESSES = 2
/** From a top-level domain down; deeper trees are not followed. */
const MAX_REFERRALS = 6
const DNS_PORT = 53
const SERVER_TIMEOUT_MS = 1_500
const LOOK_TIMEOUT_MS = 4_000

/** What there is to say when no servers of a zone are known. */
export const NO_ZONE: ZoneLook = { zone: null, replies: [], leftOut: 0, verdict: 'unclear' }

export interface ZoneLookOptions {
  query: DnsClient['query']
  allowNets: readonly Network[]
  portAt: PortAt
}

interface Asked extends ZoneServerReply {
  word: DirectWord
}

interface Round {
  hosts: string[]
  asked: Asked[]
}

/**
 * Asks the servers of the zone that holds `name` for its SOA record, without recursion: from the closest zone whose servers the
 * resolvers know down along the delegations. Bounded in servers, steps and time; inner addresses only as `allowNets` says. Never rejects.
 */
export async function lookAtZone(options: ZoneLookOptions, name: string, signal?: AbortSignal): Promise<ZoneLook> {
  const deadline = startDeadline(LOOK_TIMEOUT_MS, signal)
  // Every server that is asked listens: that is no leak.
  setMaxListeners(0, deadline.signal)
  try {
    const start = await findDelegation(options, name, deadline.signal)
    if (!start) return NO_ZONE
    let { delegation, isProven } = start
    for (let step = 0; ; step++) {
      const round = await askServers(options, name, delegation, deadline.signal)
      const next = round.asked.find((one) => one.word.referral)?.word.referral
      if (!next) return toLook(delegation, round, isProven)
      if (step === MAX_REFERRALS) return toLook(delegation, round, false)
      // The parent has said that the zone begins here.
      delegation = next
      isProven = true
    }
  } finally {
    deadline.close()
  }
}

/** The closest zone above or at `name` whose servers the resolvers know. Unproven when they failed for a name in between: it may be a zone. */
async function findDelegation({ query }: ZoneLookOptions, name: string, signal: AbortSignal) {
  let isProven = true
  for (let zone: string | null = name; zone !== null; zone = parentOf(zone)) {
    const answer: DnsAnswer = await query(zone, 'NS', { signal })
    if (signal.aborted) return null
    if (answer.outcome === 'answer') {
      const hosts = answer.records.map((record) => record.value)
      return { delegation: { zone, hosts, glue: new Map() } satisfies Referral, isProven }
    }
    if (answer.outcome !== 'nodata' && answer.outcome !== 'nxdomain') isProven = false
  }
  return null
}

/** The name above; null above the root. */
export function parentOf(name: string): string | null {
  if (name === ROOT) return null
  return name.includes('.') ? name.slice(name.indexOf('.') + 1) : ROOT
}

/** All servers of a zone side by side, each at its first addresses. */
async function askServers(options: ZoneLookOptions, name: string, delegation: Referral, signal: AbortSignal): Promise<Round> {
  const hosts = [...new Set(delegation.hosts)].sort().slice(0, MAX_HOSTS)
  const asked = await Promise.all(
    hosts.map(async (host): Promise<Asked[]> => {
      const addresses = delegation.glue.get(host) ?? (await addressesOf(options, host, signal))
      const allowed = addresses.filter((address) => isAllowedAddress(address, { allowNets: options.allowNets }))
      return Promise.all(
        allowed.slice(0, MAX_ADDRESSES).map(async (address) => {
          const question = { name, type: 'SOA' as const, zone: delegation.zone }
          const word = await askDirectly(serverAt(address, options.portAt), question, SERVER_TIMEOUT_MS, signal)
          return { host, address, outcome: word.outcome, soa: word.records[0]?.value ?? null, word }
        }),
      )
    }),
  )
  return { hosts, asked: asked.flat() }
}

async function addressesOf({ query }: ZoneLookOptions, host: string, signal: AbortSignal): Promise<string[]> {
  const answers = await Promise.all([query(host, 'A', { signal }), query(host, 'AAAA', { signal })])
  // One of each family first: a machine without IPv6 still reaches the other.
  const [v4, v6] = answers.map((answer) => answer.records.map((record) => record.value).sort())
  return [...v4!.slice(0, 1), ...v6!.slice(0, 1), ...v4!.slice(1)]
}

export function serverAt(address: string, portAt: PortAt): ServerAddress {
  return { host: address, port: portAt(address, DNS_PORT), family: address.includes(':') ? 6 : 4, label: address }
}

/** `broken` only when every server of a proven zone was reached and none could answer; one silent server leaves the case open. */
function toLook(delegation: Referral, { hosts, asked }: Round, isProven: boolean): ZoneLook {
  const leftOut = new Set(delegation.hosts).size - hosts.length
  const said = (host: string) => asked.filter((one) => one.host === host).map((one) => one.outcome)
  const isWell = asked.some(({ word }) => word.outcome === 'answer' || word.outcome === 'nodata' || word.outcome === 'nxdomain')
  const allFail = hosts.length > 0 && hosts.every((host) => said(host).some((one) => one === 'servfail' || one === 'refused'))
  const verdict = isWell ? 'well' : allFail && isProven && leftOut === 0 ? 'broken' : 'unclear'
  return { zone: delegation.zone, replies: asked.map(({ word: _, ...reply }) => reply), leftOut, verdict }
}
