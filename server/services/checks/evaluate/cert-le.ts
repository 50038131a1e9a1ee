import type { DnsAnswer } from '#server/platform/dns/types'
import type { ConnectionEvidence } from '#shared/schemas/checks'
import type { PeerCertificateView } from '#server/platform/http/tls'
import type { ConnectionFault, TlsResult } from '#server/platform/http/types'
import type { CheckTarget, Verdict } from '../collectors/contract'
import type { CertLeReason } from '../reasons/cert-le'
import { certificateFacts, certificateFault, renewalState } from './certificate'
import { capList, capText, connectionEvidence, evidenceOf } from './evidence'
import { judgeFaults, judgeOver, unlessDisagreeing, type Judge } from './verdict'

export interface CertLeObservation {
  host: string
  a: DnsAnswer
  aaaa: DnsAnswer
  handshakes: TlsResult[]
  /** One for each different certificate whose authority could be asked. */
  revocations: RevocationLook[]
  renewals: RenewalLook[]
}

/** What the authority's list of revoked certificates says. */
export interface RevocationLook {
  url: string
  /** `read`, or why the list could not be: that says nothing about the certificate. */
  outcome: string
  revokedAt: number | null
}

/** When the authority wants the certificate to be renewed at the latest (RFC 9773). */
export interface RenewalLook {
  windowEnd: number
  /** A page that tells why, mostly of a mass revocation. */
  explanation: string | null
}

type CertJudge = Judge<CertLeReason>

/** RFC 5280 §6 path, RFC 9525 §6 name, lifetime fractions; every address of the name. Pure. */
export function evaluateCertLe(seen: CertLeObservation, _target: CheckTarget, now: number): Verdict {
  const answers = [seen.a, seen.aaaa]
  const connections = seen.handshakes
    .map((one) => connectionEvidence(`${seen.host}:${one.port}`, one))
    .concat(seen.revocations.map(revocationEvidence))
  const found = Object.fromEntries(seen.handshakes.map((one) => [one.address, one.ok ? certificateFacts(one.peer) : one.fault]))
  const judge: CertJudge = judgeOver(evidenceOf(answers, connections, { host: seen.host, addresses: found }))
  if (seen.handshakes.length === 0) {
    const absence = judgeFaults(judge, answers) ?? judge('fail', 'unresolved', { host: seen.host })
    return unlessDisagreeing(absence, seen.a.disagree ? seen.a : seen.aaaa)
  }
  // A network that this machine has no way into (IPv6, mostly) says nothing while another address answers.
  const telling = seen.handshakes.filter((one) => one.ok || one.fault !== 'unreachable')
  const judged = telling.length > 0 ? telling : seen.handshakes
  const revoked = seen.revocations.find((look) => look.revokedAt !== null)
  if (revoked) return judge('fail', 'revoked', { host: seen.host, revokedAt: day(revoked.revokedAt ?? 0) })
  const verdicts = judged.map((one) => judgeHandshake(one, seen.host, now, judge))
  return worst(verdicts) ?? judgeRenewal(seen, now, judge) ?? judgeTogether(seen, judge)
}

/** A fail is proven; then a fault of ours; then a warning. Null when all passed. */
function worst(verdicts: Verdict[]): Verdict | null {
  const by = (status: Verdict['status']) => verdicts.find((verdict) => verdict.status === status)
  return by('fail') ?? by('unknown') ?? by('warn') ?? null
}

function judgeHandshake(one: TlsResult, host: string, now: number, judge: CertJudge): Verdict {
  const params = { host, address: one.address, port: one.port }
  if (!one.ok) return judgeFault(one.fault, params, judge)
  const validity = { ...params, notBefore: day(one.peer.notBefore), notAfter: day(one.peer.notAfter) }
  const fault = certificateFault(one.peer, now)
  if (fault)
    return judge('fail', fault, { ...validity, names: capList(one.peer.names, 10), issuer: one.peer.issuer.slice(0, 200) })
  const state = renewalState(one.peer, now)
  if (state === 'near-expiry') return judge('fail', state, validity)
  return state === 'renewal-overdue' ? judge('warn', state, validity) : judge('pass', 'ok', validity)
}

function judgeFault(fault: ConnectionFault, params: Verdict['params'], judge: CertJudge): Verdict {
  if (fault === 'refused' || fault === 'not-tls' || fault === 'tls-alert' || fault === 'unrecognized-name')
    return judge('fail', fault, params)
  if (fault === 'blocked-address') return judge('unknown', fault, params)
  if (fault === 'timeout' || fault === 'unreachable') return judge('unknown', 'timeout', params)
  return judge('unknown', 'connection-lost', params)
}

/** The authority knows better than any fraction of a lifetime: it may be about to revoke (RFC 9773 §4.2). */
function judgeRenewal(seen: CertLeObservation, now: number, judge: CertJudge): Verdict | null {
  const overdue = seen.renewals.find((look) => look.windowEnd < now)
  if (!overdue) return null
  const explanation = capText(overdue.explanation ?? '', 300)
  return judge('warn', 'ari-overdue', { host: seen.host, windowEnd: day(overdue.windowEnd), explanation })
}

const revocationEvidence = (look: RevocationLook): ConnectionEvidence => ({
  target: capText(look.url, 500),
  address: '',
  result: `revocation list: ${look.outcome}`,
  latencyMs: 0,
})

function judgeTogether(seen: CertLeObservation, judge: CertJudge): Verdict {
  const peers = seen.handshakes.flatMap((one) => (one.ok ? [one.peer] : []))
  const soonest = peers.reduce((least, peer) => Math.min(least, peer.notAfter), Infinity)
  const params = { host: seen.host, notAfter: day(soonest), issuer: issuerName(peers[0]) }
  const differ = new Set(peers.map((peer) => peer.fingerprint256)).size > 1
  const verdict = differ ? judge('warn', 'addresses-disagree', params) : judge('pass', 'ok', params)
  return unlessDisagreeing(verdict, seen.a.disagree ? seen.a : seen.aaaa)
}

const day = (time: number) => new Date(time).toISOString().slice(0, 10)
const issuerName = (peer: PeerCertificateView | undefined) =>
  (/(?:^|, )O=([^,]+)/.exec(peer?.issuer ?? '')?.[1] ?? peer?.issuer ?? '').slice(0, 100)
