import type { DnsAnswer, DnsRecord } from '#server/platform/dns/types'
import type { CheckTarget, Verdict } from '../collectors/contract'
import type { DnsMxReason } from '../reasons/dns-mx'
import { capList, evidenceOf, foundValues } from './evidence'
import { dnsFault, judgeFault, judgeOver, unknownByFault, unlessDisagreeing, type Judge } from './verdict'

/** The addresses of one exchange; `inner` are those that no mail from outside can reach. */
export interface MxTarget {
  exchange: string
  a: DnsAnswer
  aaaa: DnsAnswer
  inner: string[]
}

export interface DnsMxObservation {
  mx: DnsAnswer
  /** The addresses of the domain itself; only asked when it has no MX (implicit MX). */
  apex: { a: DnsAnswer; aaaa: DnsAnswer } | null
  targets: MxTarget[]
}

type MxJudge = Judge<DnsMxReason>

/** RFC 5321 §5.1, RFC 7505, RFC 2181 §10.3. Pure. */
export function evaluateDnsMx(seen: DnsMxObservation, target: CheckTarget): Verdict {
  const apex = seen.apex ? [seen.apex.a, seen.apex.aaaa] : []
  const evidence = evidenceOf([seen.mx, ...apex, ...seen.targets.flatMap((host) => [host.a, host.aaaa])], [], {
    mx: foundValues(seen.mx),
    addresses: Object.fromEntries(seen.targets.map((host) => [host.exchange, targetAddresses(host)])),
  })
  const judge: MxJudge = judgeOver(evidence)
  const fault = judgeFault(judge, seen.mx)
  if (fault) return fault
  return unlessDisagreeing(judgePublished(seen, target, judge), seen.mx)
}

function judgePublished(seen: DnsMxObservation, target: CheckTarget, judge: MxJudge): Verdict {
  if (seen.mx.outcome === 'nxdomain') return judge('fail', 'nxdomain', { domain: target.domain })
  if (seen.mx.records.some((record) => !isNullMx(record))) return judgeHosts(seen, target, judge)
  const [nullMx] = seen.mx.records
  if (nullMx) return judgeNullMx(nullMx, target, judge)
  return judgeWithoutMx(seen, target, judge)
}

function judgeNullMx(record: DnsRecord, target: CheckTarget, judge: MxJudge): Verdict {
  if (target.receives) return judge('fail', 'null-mx', { domain: target.domain })
  if (record.preference !== 0) return judge('warn', 'null-mx-preference', { preference: record.preference ?? 0 })
  return judge('pass', 'null-mx-ok', { domain: target.domain })
}

/** No MX at all: mail goes to the domain's own address, if it has one (RFC 5321 §5.1). */
function judgeWithoutMx(seen: DnsMxObservation, target: CheckTarget, judge: MxJudge): Verdict {
  const apex = seen.apex ? [seen.apex.a, seen.apex.aaaa] : []
  const addresses = apex.flatMap((answer) => answer.records.map((record) => record.value)).sort()
  if (addresses.length > 0) return judge('warn', 'implicit-mx', { domain: target.domain, addresses: capList(addresses) })
  const fault = unknownByFault(judge, apex)
  if (fault) return fault
  return target.receives
    ? judge('fail', 'missing', { domain: target.domain })
    : judge('pass', 'not-receiving-ok', { domain: target.domain })
}

function judgeHosts(seen: DnsMxObservation, target: CheckTarget, judge: MxJudge): Verdict {
  const hosts = seen.mx.records.filter((record) => !isNullMx(record)).sort(byPreference)
  const mixedNull = hosts.length < seen.mx.records.length
  const names = hosts.map(exchangeOf)
  const literal = names.find(isIpLiteral)
  if (literal) return judge('fail', 'ip-literal', { exchange: literal })
  const local = names.find(isLocalhost)
  if (local) return judge('fail', 'localhost', { exchange: local })
  if (!target.receives) return judge('warn', 'unexpected-mx', { hosts: capList([...new Set(names)]) })
  return (
    judgeOwnership(hosts, target, judge, 'fail') ??
    judgeReachability(seen.targets, judge) ??
    judgeBlemishes(names, mixedNull, seen.targets, judge) ??
    judgeOwnership(hosts, target, judge, 'warn') ??
    judge('pass', 'ok', { hosts: capList([...new Set(names)]) })
  )
}

/** Compares with the mail host as sets; `level` asks for the findings of that weight only, or null. */
function judgeOwnership(hosts: DnsRecord[], target: CheckTarget, judge: MxJudge, level: 'fail' | 'warn'): Verdict | null {
  const expected = new Set((target.mailHost?.mx ?? []).map(normalHost))
  if (expected.size === 0) return null
  const names = [...new Set(hosts.map(exchangeOf))]
  const ours = hosts.filter((record) => expected.has(exchangeOf(record)))
  const foreign = names.filter((name) => !expected.has(name))
  const params = { expected: [...expected], foreign: capList(foreign) }
  if (level === 'fail') {
    if (!ours[0]) return judge('fail', 'not-ours', params)
    // A lower preference is tried first: the foreign host gets the mail.
    return preferenceOf(hosts[0]) < preferenceOf(ours[0]) ? judge('fail', 'foreign-primary', params) : null
  }
  if (foreign.length > 0) return judge('warn', 'foreign-extra', params)
  const absent = [...expected].filter((name) => !names.includes(name))
  return absent.length > 0 ? judge('warn', 'incomplete', { ...params, absent: capList(absent) }) : null
}

/** Whether mail can arrive: a target whose address is unknown leaves the decision to the others. */
function judgeReachability(targets: MxTarget[], judge: MxJudge): Verdict | null {
  const inner = targets.find((host) => host.inner.length > 0)
  if (inner) return judge('fail', 'private-address', { exchange: inner.exchange, addresses: capList(inner.inner) })
  if (targets.length === 0 || targets.some((host) => targetAddresses(host).length > 0)) return null
  const unknown = unknownByFault(
    judge,
    targets.flatMap((host) => [host.a, host.aaaa]),
  )
  return unknown ?? judge('fail', 'target-unresolvable', { hosts: capList(targets.map((host) => host.exchange)) })
}

function judgeBlemishes(names: string[], mixedNull: boolean, targets: MxTarget[], judge: MxJudge): Verdict | null {
  const dead = targets.filter((host) => targetAddresses(host).length === 0 && !dnsFault(host.a) && !dnsFault(host.aaaa))
  if (dead.length > 0) return judge('warn', 'some-unresolvable', { hosts: capList(dead.map((host) => host.exchange)) })
  const alias = targets.find((host) => host.a.cnames.length > 0 || host.aaaa.cnames.length > 0)
  if (alias) {
    const chain = alias.a.cnames.length > 0 ? alias.a.cnames : alias.aaaa.cnames
    return judge('warn', 'cname-target', { exchange: alias.exchange, cnames: capList(chain, 10) })
  }
  if (mixedNull) return judge('warn', 'null-mx-mixed')
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  return twice ? judge('warn', 'duplicate', { exchange: twice }) : null
}

const normalHost = (host: string) => host.toLowerCase().replace(/\.$/, '')
const exchangeOf = (record: DnsRecord) => normalHost(record.exchange ?? '')
const isNullMx = (record: DnsRecord) => exchangeOf(record) === ''
const preferenceOf = (record: DnsRecord | undefined) => record?.preference ?? 0
const byPreference = (one: DnsRecord, other: DnsRecord) => preferenceOf(one) - preferenceOf(other)
const isIpLiteral = (host: string) => /^\[?\d{1,3}(\.\d{1,3}){3}\]?$/.test(host) || host.includes(':')
/** RFC 6761 §6.3: `localhost` and all below it mean the sender's own machine. */
const isLocalhost = (host: string) => host === 'localhost' || host.endsWith('.localhost')
const targetAddresses = (host: MxTarget) =>
  capList([...host.a.records, ...host.aaaa.records].map((record) => record.value).sort())
