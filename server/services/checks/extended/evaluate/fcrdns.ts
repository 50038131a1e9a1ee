import ipaddr from 'ipaddr.js'
import type { DnsAnswer } from '#server/platform/dns/types'
import { capList, capText, evidenceOf, foundValues } from '../../evaluate/evidence'
import { unknownByFault } from '../../evaluate/verdict'
import type { ExtendedTarget, ExtendedVerdict } from '../contract'
import type { FcrdnsReason } from '../reasons/fcrdns'
import { extendedJudge, type ExtendedJudge } from './judge'
import { worstOf } from './worst'

/** What is known of one sending address. */
export interface SenderLook {
  address: string
  ptr: DnsAnswer
  /** The address records of each name of `ptr`, in the order of the names; the family of the address alone. */
  forward: DnsAnswer[]
  /** What the server at the address calls itself in SMTP; null when nothing says so. */
  helo: string | null
}

export interface FcrdnsObservation {
  senders: SenderLook[]
}

type FcrdnsJudge = ExtendedJudge<FcrdnsReason>

/** RFC 1912 §2.1: the address has a name, and the name has the address. Pure. */
export function evaluateFcrdns(seen: FcrdnsObservation, target: ExtendedTarget): ExtendedVerdict {
  const answers = seen.senders.flatMap(({ ptr, forward }) => [ptr, ...forward])
  const found = seen.senders.map(({ address, ptr, helo }) => [address, { names: foundValues(ptr), helo }])
  const judge: FcrdnsJudge = extendedJudge(evidenceOf(answers, [], { senders: Object.fromEntries(found) as object }))
  if (!target.sends) return judge('pass', 'not-sending-ok', { domain: target.domain })
  if (seen.senders.length === 0) return judge('info', 'no-addresses')
  const verdicts = seen.senders.map((sender) => judgeSender(sender, judge))
  return worstOf(verdicts) ?? judge('pass', 'ok', { addresses: capList(seen.senders.map(({ address }) => address)) })
}

function judgeSender(sender: SenderLook, judge: FcrdnsJudge): ExtendedVerdict {
  const { address, ptr, forward, helo } = sender
  const names = ptr.records.map((record) => record.value).sort()
  const params = { address, name: capText(names[0] ?? '', 253), reverse: ptr.name }
  const fault = unknownByFault(judge, [ptr])
  if (fault) return fault
  if (names.length === 0) return judge('fail', 'no-ptr', params)
  const confirmed = forward.filter((answer) => answer.records.some((record) => sameAddress(record.value, address)))
  if (confirmed.length === 0) return unknownByFault(judge, forward) ?? judge('fail', 'not-confirmed', params)
  if (names.length > 1) return judge('warn', 'several-names', { ...params, names: capList(names, 10) })
  if (isGenericName(params.name, address)) return judge('warn', 'generic-name', params)
  if (helo !== null && !names.includes(helo)) return judge('warn', 'helo-differs', { ...params, helo: capText(helo, 253) })
  return judge('pass', 'ok', params)
}

const sameAddress = (one: string, other: string) =>
  ipaddr.isValid(one) && ipaddr.parse(one).toNormalizedString() === ipaddr.parse(other).toNormalizedString()

const ACCESS_WORDS = /(?:^|[.\-_\d])(?:dyn|dynamic|dhcp|dsl|adsl|vdsl|pool|ppp|dial|dialup|cable|broadband)(?:[.\-_\d]|$)/i

/** A name that an access network gives to every address: it spells the address, or says how the line is connected. */
export function isGenericName(name: string, address: string): boolean {
  if (ACCESS_WORDS.test(name)) return true
  const bytes = ipaddr.parse(address).toByteArray()
  const asHex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  if (name.toLowerCase().replace(/[.-]/g, '').includes(asHex)) return true
  if (bytes.length > 4) return false
  const spellings = [bytes, [...bytes].reverse()].map((octets) => octets.map((octet) => `0*${octet}`).join('[.\\-_]'))
  return spellings.some((spelling) => new RegExp(`(?:^|\\D)${spelling}(?:\\D|$)`).test(name))
}
