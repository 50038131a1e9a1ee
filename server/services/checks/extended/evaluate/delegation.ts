import type { DnsAnswer, ZoneLook, ZoneServerReply } from '#server/platform/dns/types'
import { addressesOf, type HostAddresses } from '../../collectors/look'
import { capList, evidenceOf, foundValues } from '../../evaluate/evidence'
import { isFault, unknownByFault, unlessDisagreeing } from '../../evaluate/verdict'
import type { ExtendedTarget, ExtendedVerdict } from '../contract'
import type { DelegationReason } from '../reasons/delegation'
import { extendedJudge, type ExtendedJudge } from './judge'

export interface DelegationObservation {
  ns: DnsAnswer
  /** The addresses of each server that the zone names. */
  hosts: HostAddresses[]
  /** What the servers themselves and the zone above say; null where there is no zone. */
  zone: ZoneLook | null
}

type DelegationJudge = ExtendedJudge<DelegationReason>

/** RFC 1034 §4.2.2, RFC 2182. Never worse than a warning: a zone that nobody can reach is told by the checks that need it. Pure. */
export function evaluateDelegation({ ns, hosts, zone }: DelegationObservation, target: ExtendedTarget): ExtendedVerdict {
  const evidence = evidenceOf([ns, ...hosts.flatMap(({ a, aaaa }) => [a, aaaa])], [], {
    servers: foundValues(ns),
    parent: zone?.parent?.hosts ?? null,
    replies: (zone?.replies ?? []).map(({ host, address, outcome }) => `${host} ${address} ${outcome}`).sort(),
  })
  const judge: DelegationJudge = extendedJudge(evidence)
  const fault = unknownByFault(judge, [ns])
  if (fault) return fault
  if (!zone || zone.zone !== target.domain) return judge('skipped', 'not-a-zone', { domain: target.domain })
  return unlessDisagreeing(judgeZone({ ns, hosts, zone }, judge), ns)
}

function judgeZone(
  { ns, hosts, zone }: { ns: DnsAnswer; hosts: HostAddresses[]; zone: ZoneLook },
  judge: DelegationJudge,
): ExtendedVerdict {
  const named = ns.records.map(({ value }) => value).sort()
  const nobody = hosts.filter(isWithoutAddress).map(({ host }) => host)
  if (nobody.length > 0) return judge('warn', 'server-unresolved', { hosts: nobody })
  return judgeReplies(zone, named, judge) ?? judgeParent(zone, named, judge) ?? judgeSerials(zone, named, judge)
}

const isWithoutAddress = (host: HostAddresses) =>
  addressesOf(host).length === 0 && !isFault(host.a.outcome) && !isFault(host.aaaa.outcome)

/** A server counts by its best address: this machine may have no way into IPv6. */
function judgeReplies(zone: ZoneLook, named: string[], judge: DelegationJudge): ExtendedVerdict | null {
  const asked = named.filter((host) => zone.replies.some((reply) => reply.host === host))
  const isWell = (host: string) => repliesOf(zone, host).some(({ outcome }) => outcome === 'answer')
  if (!asked.some(isWell)) return judge('unknown', 'nobody-answered', { hosts: capList(named, 10) })
  const lame = asked.find((host) => !isWell(host) && repliesOf(zone, host).some(({ outcome }) => !isSilent(outcome)))
  if (lame !== undefined) return judge('warn', 'lame', { host: lame, outcome: repliesOf(zone, lame)[0]!.outcome })
  const silent = asked.filter((host) => !isWell(host) && repliesOf(zone, host).some(({ outcome }) => outcome === 'timeout'))
  return silent.length > 0 ? judge('warn', 'silent', { hosts: silent }) : null
}

const repliesOf = (zone: ZoneLook, host: string) => zone.replies.filter((reply) => reply.host === host)
const isSilent = (outcome: ZoneServerReply['outcome']) => outcome === 'timeout' || outcome === 'network'

function judgeParent({ parent }: ZoneLook, named: string[], judge: DelegationJudge): ExtendedVerdict | null {
  const above = parent?.hosts
  if (!above) return null
  const [onlyAbove, onlyHere] = [above.filter((host) => !named.includes(host)), named.filter((host) => !above.includes(host))]
  if (onlyAbove.length + onlyHere.length === 0) return null
  return judge('warn', 'parent-differs', {
    parent: parent.parent ?? '',
    onlyAbove: capList(onlyAbove, 10),
    onlyHere: capList(onlyHere, 10),
  })
}

/** The serial is the third field of a SOA record (RFC 1035 §3.3.13). */
function judgeSerials(zone: ZoneLook, named: string[], judge: DelegationJudge): ExtendedVerdict {
  const serials = zone.replies.flatMap(({ host, soa }) => (soa ? [{ host, serial: soa.split(' ')[2] ?? '' }] : []))
  if (new Set(serials.map(({ serial }) => serial)).size > 1)
    return judge('warn', 'serials-differ', {
      serials: capList([...new Set(serials.map(({ host, serial }) => `${host} ${serial}`))].sort(), 10),
    })
  return named.length > 1
    ? judge('pass', 'ok', { hosts: capList(named, 10) })
    : judge('warn', 'single-server', { host: named[0] ?? '' })
}
