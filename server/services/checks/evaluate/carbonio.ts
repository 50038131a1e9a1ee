import type { DnsAnswer } from '#server/platform/dns/types'
import type { PeerCertificateView } from '#server/platform/http/tls'
import type { ConnectionFault, HttpResult } from '#server/platform/http/types'
import type { CheckTarget, Verdict } from '../collectors/contract'
import type { CarbonioReason } from '../reasons/carbonio'
import { certificateFacts, certificateFault, renewalState } from './certificate'
import { connectionEvidence, evidenceOf } from './evidence'
import { isSilence, judgeOver, unknownByFault, unlessDisagreeing, type Judge } from './verdict'

/** The health answer of a mail host, one for all of its domains. */
interface HealthLook {
  /** Without its query, which may carry a key. */
  url: string
  answers: DnsAnswer[]
  /** Null: the host has no address. */
  result: HttpResult | null
}

/** What the admin service says of a domain. `refused`: it does not take our credentials. */
export type DomainLook =
  | { kind: 'found'; status: string }
  | { kind: 'missing' }
  | { kind: 'refused'; code: string }
  | { kind: 'rate-limited' }
  | { kind: 'unavailable'; code: string }

export interface CarbonioObservation {
  health: HealthLook
  /** Null without credentials, or when the host is not healthy. */
  domain: DomainLook | null
  /** The certificate of the admin service; null when it showed none. */
  admin: { url: string; tls: PeerCertificateView } | null
  /** How long earlier health answers took, milliseconds, oldest first. */
  latencies: number[]
  canaryOk: boolean
}

type HostJudge = Judge<CarbonioReason>

/** A health answer that takes longer is slow while there is no history to compare with, milliseconds. */
const SLOW_MS = 2_000
/** Slow is what takes three times as long as 95 of 100 earlier answers; below half a second nobody feels it. */
const [SLOW_FACTOR, SLOW_QUANTILE, SLOW_FLOOR_MS, ENOUGH_HISTORY] = [3, 0.95, 500, 20]

/** Whether the mail host is well and knows the domain. Pure. */
export function evaluateCarbonio(seen: CarbonioObservation, target: CheckTarget, now: number): Verdict {
  const { health, domain } = seen
  const judge: HostJudge = judgeOver(
    evidenceOf(health.answers, health.result ? [connectionEvidence(health.url, health.result)] : [], {
      health: health.result?.ok ? `HTTP ${health.result.status}` : (health.result?.fault ?? 'unresolved'),
      certificate: health.result?.tls ? certificateFacts(health.result.tls) : null,
      domain: domain === null ? 'not asked' : domain.kind === 'found' ? domain.status : domain.kind,
    }),
  )
  const host = judgeHealth(seen, now, judge)
  if (host && host.status !== 'warn') return host
  return (
    (domain && judgeDomain(domain, target, judge)) ??
    host ??
    judge('pass', domain ? 'ok' : 'ok-health-only', { domain: target.domain })
  )
}

function judgeHealth({ health, canaryOk, admin, latencies }: CarbonioObservation, now: number, judge: HostJudge): Verdict | null {
  const { result } = health
  const params = { url: health.url }
  if (!result) {
    const disagreeing = health.answers.find((answer) => answer.disagree)
    const verdict = unknownByFault(judge, health.answers) ?? judge('fail', 'host-unresolved', params)
    return disagreeing ? unlessDisagreeing(verdict, disagreeing) : verdict
  }
  const fault = result.tls ? certificateFault(result.tls, now) : null
  if (fault) return judge('fail', 'certificate-invalid', { ...params, fault })
  if (!result.ok) return judgeFault(result.fault, { ...params, address: result.address }, canaryOk, judge)
  if (result.status >= 500) return judge('fail', 'host-down', { ...params, status: result.status })
  if (result.status === 401 || result.status === 403)
    return judge('unknown', 'credentials-refused', { ...params, code: `HTTP ${result.status}` })
  if (result.status === 429) return judge('unknown', 'rate-limited', params)
  if (result.status !== 200) return judge('unknown', 'unexpected-answer', { ...params, status: result.status })
  if (saysNotReady(result.body)) return judge('fail', 'host-down', { ...params, status: result.status })
  const ending = [{ url: health.url, tls: result.tls }, admin].find(
    (one) => one?.tls && renewalState(one.tls, now) === 'near-expiry',
  )
  if (ending?.tls)
    return judge('warn', 'certificate-near-end', {
      url: ending.url,
      notAfter: new Date(ending.tls.notAfter).toISOString().slice(0, 10),
    })
  const limitMs = slowLimit(latencies)
  return result.latencyMs > limitMs ? judge('warn', 'slow', { ...params, limitMs }) : null
}

/** What is slow for this host, milliseconds: by its own history once there is enough of it. */
function slowLimit(latencies: readonly number[]): number {
  if (latencies.length < ENOUGH_HISTORY) return SLOW_MS
  const sorted = [...latencies].sort((one, other) => one - other)
  const usual = sorted[Math.ceil(sorted.length * SLOW_QUANTILE) - 1] ?? 0
  return Math.max(usual * SLOW_FACTOR, SLOW_FLOOR_MS)
}

function judgeFault(fault: ConnectionFault, params: Verdict['params'], canaryOk: boolean, judge: HostJudge): Verdict {
  if (fault === 'blocked-address') return judge('unknown', fault, params)
  return isSilence(fault) && !canaryOk
    ? judge('unknown', 'monitor-fault', { target: params.url ?? '' })
    : judge('fail', 'host-unreachable', { ...params, result: fault })
}

/** `/service/health` says more than its status: `{"ready":false,…}`. */
function saysNotReady(body: string): boolean {
  return /^\s*\{[^{]*"ready"\s*:\s*false/.test(body)
}

function judgeDomain(look: DomainLook, target: CheckTarget, judge: HostJudge): Verdict | null {
  const params = { domain: target.domain }
  switch (look.kind) {
    case 'missing':
      return judge('fail', 'domain-missing', params)
    case 'refused':
      return judge('unknown', 'credentials-refused', { ...params, code: look.code })
    case 'rate-limited':
      return judge('unknown', 'rate-limited', params)
    case 'unavailable':
      return judge('unknown', 'admin-unavailable', { ...params, code: look.code })
    case 'found':
      return look.status === 'active' ? null : judge('fail', 'domain-suspended', { ...params, state: look.status })
  }
}
