import { describeExtendedError, saysBogus } from '#server/platform/dns/extended-error'
import type { DnsAnswer, DnsOutcome } from '#server/platform/dns/types'
import type { ConnectionFault } from '#server/platform/http/types'
import type { CheckStatus, Evidence } from '#shared/schemas/checks'
import type { Verdict } from '../collectors/contract'
import type { SharedReason } from '../reasons/shared'
import { capList } from './evidence'

/** Makes verdicts over one evidence; the compiler refuses a reason that the catalogue of the check does not tell. */
export type Judge<Code extends string, Status extends string = CheckStatus> = (
  status: Status | CheckStatus,
  reason: Code | SharedReason,
  params?: Verdict['params'],
) => Verdict<Status | CheckStatus>

/** See `Judge`. */
export function judgeOver<Code extends string, Status extends string = CheckStatus>(evidence: Evidence): Judge<Code, Status> {
  return (status, reason, params = {}) => ({ status, reason, params, evidence })
}

type DnsFault = Exclude<DnsOutcome, 'answer' | 'nxdomain' | 'nodata'>

const FAULT_REASONS: Record<DnsFault, SharedReason> = {
  servfail: 'dns-servfail',
  refused: 'dns-refused',
  timeout: 'dns-timeout',
  truncated: 'dns-truncated',
  formerr: 'dns-fault',
  notimp: 'dns-fault',
  malformed: 'dns-fault',
  network: 'dns-fault',
}

/** Whether an outcome says nothing about the name: the resolver or the path failed. */
export function isFault(outcome: DnsOutcome): outcome is DnsFault {
  return outcome in FAULT_REASONS
}

/** The `unknown` that a resolver's fault leads to; null when the answer is a statement about the name (RFC 2308 §2). */
export function dnsFault(answer: DnsAnswer): { reason: SharedReason; params: Verdict['params'] } | null {
  if (!isFault(answer.outcome)) return null
  return { reason: FAULT_REASONS[answer.outcome], params: { name: answer.name, type: answer.type, outcome: answer.outcome } }
}

/** The verdict `unknown` for the first fault among the answers; null when there is none. */
export function unknownByFault<Code extends string, Status extends string = CheckStatus>(
  judge: Judge<Code, Status>,
  answers: readonly DnsAnswer[],
): Verdict<Status | CheckStatus> | null {
  for (const answer of answers) {
    const fault = dnsFault(answer)
    if (fault) return judge('unknown', fault.reason, fault.params)
  }
  return null
}

/**
 * What a fault comes to where the question is about the domain itself: `fail` when it is proven to be the zone's (both resolvers say that
 * its signatures are wrong, or its own servers fail too), otherwise `unknown`. Null when there is no fault.
 */
export function domainFault(
  answer: DnsAnswer,
): { status: 'fail' | 'unknown'; reason: SharedReason; params: Verdict['params'] } | null {
  const fault = dnsFault(answer)
  if (!fault) return null
  // Only when both resolvers failed were the zone's servers asked.
  if (!answer.zone) return { status: 'unknown', ...fault }
  const isSeconded = answer.replies.length > 1 && !answer.singleResolver
  const agree = isSeconded && answer.replies.every((reply) => saysBogus(reply.ede))
  if (agree) {
    const errors = capList(answer.ede.map(describeExtendedError), 10)
    return { status: 'fail', reason: 'dnssec-bogus', params: { ...fault.params, errors } }
  }
  if (answer.zone.verdict !== 'broken') return { status: 'unknown', ...fault }
  const servers = answer.zone.replies.map(({ host, address, outcome }) => `${host} (${address}): ${outcome}`)
  return {
    status: 'fail',
    reason: 'zone-broken',
    params: { ...fault.params, zone: answer.zone.zone ?? '', servers: capList(servers, 12) },
  }
}

/** The verdict of `domainFault`. */
export function judgeFault<Code extends string>(judge: Judge<Code>, answer: DnsAnswer): Verdict | null {
  const fault = domainFault(answer)
  return fault && judge(fault.status, fault.reason, fault.params)
}

/** The same over all questions that one thing needs: what is proven counts first. */
export function judgeFaults<Code extends string>(judge: Judge<Code>, answers: readonly DnsAnswer[]): Verdict | null {
  const faults = answers.flatMap((answer) => judgeFault(judge, answer) ?? [])
  return faults.find(({ status }) => status === 'fail') ?? faults[0] ?? null
}

/** Two resolvers that do not agree (propagation, split view) make neither a clean pass nor a proven absence. */
export function unlessDisagreeing<Status extends string = CheckStatus>(
  verdict: Verdict<Status>,
  answer: DnsAnswer,
): Verdict<Status | 'warn'> {
  const provenAbsence = verdict.status === 'fail' && answer.outcome !== 'answer'
  if (!answer.disagree || !(verdict.status === 'pass' || provenAbsence)) return verdict
  return {
    ...verdict,
    status: 'warn',
    reason: 'resolvers-disagree' satisfies SharedReason,
    params: { name: answer.name, type: answer.type },
  }
}

/** Faults that say only that nothing came back: they blame the host only while the canary is fine. */
export function isSilence(fault: ConnectionFault): boolean {
  return fault === 'timeout' || fault === 'unreachable'
}
