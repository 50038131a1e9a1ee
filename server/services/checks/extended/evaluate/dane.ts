import type { DnsAnswer } from '#server/platform/dns/types'
import type { MailLook } from '#server/platform/mail/types'
import { capList, evidenceOf, foundValues } from '../../evaluate/evidence'
import { unknownByFault } from '../../evaluate/verdict'
import type { ExtendedTarget, ExtendedVerdict } from '../contract'
import { mailEvidence } from '../mail-look'
import type { DaneReason } from '../reasons/dane'
import { extendedJudge, type ExtendedJudge } from './judge'
import { matchesTlsa, usableTlsa } from './tlsa'

export interface DaneHost {
  host: string
  a: DnsAnswer
  aaaa: DnsAnswer
  tlsa: DnsAnswer
  /** One conversation for each address, when the host has TLSA records. */
  looks: MailLook[]
}

export interface DaneObservation {
  mx: DnsAnswer
  hosts: DaneHost[]
  /** Whether the resolver validates at all: it does for the root. */
  validates: boolean
}

type DaneJudge = ExtendedJudge<DaneReason>

/** RFC 7672 §2 to §3. Pure. */
export function evaluateDane(seen: DaneObservation, target: ExtendedTarget, now: number): ExtendedVerdict {
  const judge: DaneJudge = extendedJudge(
    evidenceOf(
      [seen.mx, ...seen.hosts.flatMap(({ tlsa, a, aaaa }) => [tlsa, a, aaaa])],
      seen.hosts.flatMap(({ host, looks }) => looks.map((look) => mailEvidence(`${host}:${look.port}`, look))),
      {
        tlsa: Object.fromEntries(seen.hosts.map(({ host, tlsa }) => [host, foundValues(tlsa)])),
        secure: seen.hosts.map(isSecure),
      },
    ),
  )
  if (!target.receives) return judge('pass', 'not-receiving-ok', { domain: target.domain })
  const fault = unknownByFault(judge, [seen.mx, ...seen.hosts.map(({ tlsa }) => tlsa)])
  if (fault) return fault
  const promising = seen.hosts.filter(({ tlsa }) => tlsa.records.length > 0)
  if (promising.length === 0) return judge('info', 'absent')
  if (!seen.validates) return judge('unknown', 'resolver-not-validating')
  const secure = promising.filter(isSecure)
  if (!seen.mx.ad || secure.length === 0)
    return judge('warn', 'not-signed', { name: seen.mx.ad ? promising[0]!.host : target.domain })
  return judgeHosts(secure, seen, judge, now)
}

function judgeHosts(secure: DaneHost[], seen: DaneObservation, judge: DaneJudge, now: number): ExtendedVerdict {
  const verdicts = secure.map((host) => judgeHost(host, judge, now))
  for (const status of ['fail', 'unknown', 'warn'] as const) {
    const worst = verdicts.find((verdict) => verdict.status === status)
    if (worst) return worst
  }
  const names = secure.map(({ host }) => host)
  const others = seen.hosts.map(({ host }) => host).filter((host) => !names.includes(host))
  if (others.length > 0) return judge('warn', 'some-hosts', { hosts: capList(others, 10) })
  return verdicts.find(({ status }) => status === 'info') ?? judge('pass', 'ok', { hosts: capList(names, 10) })
}

/** One matching record is enough; every address has to show a certificate that one matches. */
function judgeHost({ host, tlsa, looks }: DaneHost, judge: DaneJudge, now: number): ExtendedVerdict {
  const usable = usableTlsa(tlsa)
  if (usable.length === 0) return judge('warn', 'unusable', { host, records: foundValues(tlsa) })
  for (const look of looks) {
    const params = { host, address: look.address }
    // A promise that is signed makes TLS a must (RFC 7672 §2.2).
    if (look.startTls === 'absent' || look.startTls === 'declined') return judge('fail', 'no-tls', params)
    if (look.tls && !usable.some((record) => matchesTlsa(record, look.tls!.peer, now))) return judge('fail', 'mismatch', params)
  }
  const dark = looks.find((look) => look.tls === null)
  if (dark) return judge('unknown', 'not-reached', { host, address: dark.address, fault: dark.fault ?? 'no handshake' })
  if (looks.length === 0) return judge('unknown', 'not-reached', { host, address: host, fault: 'no address' })
  const [only, second] = usable
  if (only && !second && only.usage === 3) return judge('info', 'single-key', { host, record: only.text })
  return judge('pass', 'ok')
}

const isSecure = ({ a, aaaa, tlsa }: DaneHost) =>
  tlsa.ad && [a, aaaa].every((answer) => answer.records.length === 0 || answer.ad) && (a.ad || aaaa.ad)
