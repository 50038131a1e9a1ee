import type { DnsAnswer } from '#server/platform/dns/types'
import type { MailLook } from '#server/platform/mail/types'
import { certificateFacts, certificateFault, renewalState } from '../../evaluate/certificate'
import { capList, evidenceOf, foundValues } from '../../evaluate/evidence'
import { unknownByFault, unlessDisagreeing } from '../../evaluate/verdict'
import type { ExtendedTarget, ExtendedVerdict } from '../contract'
import { mailEvidence } from '../mail-look'
import type { SmtpTlsReason } from '../reasons/smtp-tls'
import { extendedJudge, type ExtendedJudge } from './judge'
import { isOutdated } from './outdated-tls'
import { worstOf } from './worst'

/** One MX host and what each of its addresses does. */
export interface MxLook {
  host: string
  a: DnsAnswer
  aaaa: DnsAnswer
  tlsa: DnsAnswer
  looks: MailLook[]
}

export interface SmtpTlsObservation {
  mx: DnsAnswer
  hosts: MxLook[]
  /** A policy of MTA-STS makes senders hold mail back where TLS is not right. */
  enforced: boolean
}

type Params = ExtendedVerdict['params']
type SmtpJudge = ExtendedJudge<SmtpTlsReason>

/** What is wrong with TLS at one address. */
interface Problem {
  status: 'fail' | 'warn' | 'unknown'
  reason: SmtpTlsReason
  params?: Params
}

/** RFC 3207, and RFC 8461 §4.2 where senders insist. Pure. */
export function evaluateSmtpTls(seen: SmtpTlsObservation, target: ExtendedTarget, now: number): ExtendedVerdict {
  const answers = [seen.mx, ...seen.hosts.flatMap(({ a, aaaa, tlsa }) => [a, aaaa, tlsa])]
  const connections = seen.hosts.flatMap(({ host, looks }) => looks.map((look) => mailEvidence(`${host}:${look.port}`, look)))
  const judge: SmtpJudge = extendedJudge(evidenceOf(answers, connections, factsOf(seen)))
  if (!target.receives) return judge('pass', 'not-receiving-ok', { domain: target.domain })
  const fault = unknownByFault(judge, [seen.mx])
  if (fault) return fault
  const looks = seen.hosts.flatMap(({ host, tlsa, looks }) => looks.map((look) => ({ host, look, tlsa })))
  // That no mail can arrive at all is for the MX check to say.
  if (looks.length === 0)
    return (
      unknownByFault(
        judge,
        seen.hosts.flatMap(({ a, aaaa }) => [a, aaaa]),
      ) ?? judge('info', 'info-no-mx')
    )
  const verdicts = looks.map(({ host, look, tlsa }) => {
    const problem = problemOf(look, { now, hasDane: tlsa.records.length > 0 && !seen.enforced })
    return judgeProblem(problem, { host, address: look.address }, seen.enforced, judge)
  })
  // Senders try the next address; refusals at some of them are no failure yet.
  const refused = looks.filter(({ look }) => look.fault === 'refused')
  if (refused.length === looks.length)
    return judge('fail', 'refused', {
      hosts: capList(
        seen.hosts.map(({ host }) => host),
        5,
      ),
    })
  const ok = judge('pass', 'ok', {
    hosts: capList(
      seen.hosts.map(({ host }) => host),
      5,
    ),
  })
  return unlessDisagreeing(worstOf(verdicts) ?? ok, seen.mx)
}

function judgeProblem(problem: Problem | null, place: Params, enforced: boolean, judge: SmtpJudge): ExtendedVerdict {
  if (!problem) return judge('pass', 'ok', place)
  const params = { ...place, ...problem.params }
  if (enforced && problem.status === 'warn' && BREAKS_POLICY.has(problem.reason))
    return judge('fail', 'breaks-policy', { ...params, problem: problem.reason })
  return judge(problem.status, problem.reason, params)
}

/** With these a sender that follows the policy delivers nothing (RFC 8461 §4.2). */
const BREAKS_POLICY: ReadonlySet<SmtpTlsReason> = new Set([
  'no-starttls',
  'starttls-declined',
  'outdated-tls',
  'untrusted-certificate',
  'name-mismatch',
])

function problemOf(look: MailLook, { now, hasDane }: { now: number; hasDane: boolean }): Problem | null {
  if (look.startTls === 'injected') return { status: 'fail', reason: 'injected' }
  if (look.startTls === 'absent') return { status: 'warn', reason: 'no-starttls' }
  if (look.startTls === 'declined') return { status: 'warn', reason: 'starttls-declined', params: { reply: look.reply ?? '' } }
  if (look.tls) return tlsProblem(look.tls, now, hasDane)
  return look.fault ? faultProblem(look) : null
}

function tlsProblem({ protocol, peer }: NonNullable<MailLook['tls']>, now: number, hasDane: boolean): Problem | null {
  if (isOutdated(protocol)) return { status: 'warn', reason: 'outdated-tls', params: { protocol } }
  // With DANE no authority has to vouch for the certificate (RFC 7672 §3.1.1); the check of DANE compares it.
  const fault = hasDane ? null : certificateFault(peer, now)
  const params = {
    notAfter: new Date(peer.notAfter).toISOString().slice(0, 10),
    names: capList(peer.names, 10),
    fault: fault ?? '',
  }
  if (fault === 'name-mismatch') return { status: 'warn', reason: 'name-mismatch', params }
  if (fault) return { status: 'warn', reason: 'untrusted-certificate', params }
  return renewalState(peer, now) === 'near-expiry' ? { status: 'warn', reason: 'near-expiry', params } : null
}

function faultProblem({ fault, stage, reply }: MailLook): Problem {
  if (fault === 'blocked-address') return { status: 'unknown', reason: 'inner-address' }
  if (fault === 'declined') return { status: 'unknown', reason: 'declined', params: { reply: reply ?? '' } }
  if (fault === 'refused') return { status: 'warn', reason: 'address-refuses' }
  if (fault === 'timeout' || fault === 'unreachable' || fault === 'reset') return { status: 'unknown', reason: 'no-answer' }
  return stage === 'handshake' ? { status: 'fail', reason: 'handshake-failed' } : { status: 'fail', reason: 'not-smtp' }
}

function factsOf(seen: SmtpTlsObservation) {
  const addresses = seen.hosts.flatMap(({ host, looks }) =>
    looks.map((look) => [
      `${host} ${look.address}`,
      look.tls ? { protocol: look.tls.protocol, ...certificateFacts(look.tls.peer) } : (look.fault ?? look.startTls),
    ]),
  )
  return { mx: foundValues(seen.mx), enforced: seen.enforced, addresses: Object.fromEntries(addresses) as object }
}
