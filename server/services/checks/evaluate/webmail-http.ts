import type { DnsAnswer } from '#server/platform/dns/types'
import type { ConnectionFault, HttpResult } from '#server/platform/http/types'
import type { CheckTarget, Verdict } from '../collectors/contract'
import type { WebmailHttpReason } from '../reasons/webmail-http'
import { capText, connectionEvidence, evidenceOf } from './evidence'
import { isFault, isSilence, judgeFaults, judgeOver, unlessDisagreeing, type Judge } from './verdict'

export interface Hop {
  url: string
  result: HttpResult
}

/** The way of a visitor over one address family. */
export interface FamilyLook {
  family: 'IPv4' | 'IPv6'
  address: string
  /** `GET /` over plain HTTP. */
  plain: Hop
  /** `GET /` over TLS and each redirect that was followed. */
  hops: Hop[]
  /** Why the way ended: an answer or a fault, a redirect in a circle, to plain HTTP, or to a name without an address. */
  end: 'answered' | 'loop' | 'to-http' | 'unresolved'
}

export interface WebmailHttpObservation {
  host: string
  marker: string
  a: DnsAnswer
  aaaa: DnsAnswer
  looks: FamilyLook[]
  canaryOk: boolean
}

type WebJudge = Judge<WebmailHttpReason>
type Page = Extract<HttpResult, { ok: true }>

/** A login page that takes longer is slow, milliseconds. */
const SLOW_MS = 2_000
const FAILED_TLS: readonly ConnectionFault[] = ['tls-invalid', 'tls-alert', 'unrecognized-name', 'not-tls']

/** What a visitor finds at the webmail name, through public DNS, over both address families. Pure. */
export function evaluateWebmailHttp(seen: WebmailHttpObservation, _target: CheckTarget): Verdict {
  const answers = [seen.a, seen.aaaa]
  const judge: WebJudge = judgeOver(evidenceOf(answers, seen.looks.flatMap(connectionsOf), factsOf(seen)))
  const disagreeing = seen.a.disagree ? seen.a : seen.aaaa
  if (seen.looks.length === 0)
    return unlessDisagreeing(judgeFaults(judge, answers) ?? judge('fail', 'unresolved', { host: seen.host }), disagreeing)
  const verdicts = seen.looks.map((look) => ({ look, verdict: judgeLook(look, seen, judge) }))
  const good = verdicts.filter(({ verdict }) => verdict.status === 'pass' || verdict.status === 'warn')
  const bad = verdicts.filter(({ verdict }) => !good.some((one) => one.verdict === verdict))
  if (good.length > 0 && bad.every(({ look }) => hasNoConnection(look)))
    return unlessDisagreeing(
      judgeGood(
        good.map(({ verdict }) => verdict),
        bad.map(({ look }) => look),
        seen,
        judge,
      ),
      disagreeing,
    )
  const failed = bad.find(({ verdict }) => verdict.status === 'fail') ?? bad[0]
  return failed ? failed.verdict : judge('unknown', 'internal-fault')
}

/** At least one family works; the others may be absent or dead. */
function judgeGood(good: Verdict[], dead: FamilyLook[], seen: WebmailHttpObservation, judge: WebJudge): Verdict {
  const warned = good.find((verdict) => verdict.status === 'warn')
  if (warned) return warned
  const missing = (family: 'IPv4' | 'IPv6') => !seen.looks.some((look) => look.family === family)
  // No address of a family is a statement only when DNS said so; and a network we have no way into (IPv6, mostly) is not theirs.
  const unpublished = (['IPv4', 'IPv6'] as const).find(
    (family) => missing(family) && !isFault((family === 'IPv4' ? seen.a : seen.aaaa).outcome),
  )
  const lost = dead.find((look) => faultOf(look) !== 'unreachable')?.family ?? unpublished
  return lost ? judge('warn', 'one-family', { host: seen.host, family: lost }) : judge('pass', 'ok', { host: seen.host })
}

function judgeLook(look: FamilyLook, seen: WebmailHttpObservation, judge: WebJudge): Verdict {
  const last = look.hops.at(-1)
  const params = paramsOf(look, seen)
  if (look.end === 'loop') return judge('fail', 'redirect-loop', { ...params, hops: look.hops.length })
  if (look.end === 'to-http') return judge('fail', 'redirect-to-http', params)
  if (look.end === 'unresolved') return judge('fail', 'redirect-unresolved', params)
  if (!last) return judge('unknown', 'internal-fault')
  if (!last.result.ok) return judgeFault(last.result.fault, params, seen.canaryOk, judge)
  return judgePage(last.result, look, seen, judge)
}

function paramsOf(look: FamilyLook, seen: WebmailHttpObservation) {
  return { host: seen.host, address: look.address, url: capText(look.hops.at(-1)?.url ?? '', 300) }
}

function judgeFault(fault: ConnectionFault, params: Verdict['params'], canaryOk: boolean, judge: WebJudge): Verdict {
  if (FAILED_TLS.includes(fault)) return judge('fail', 'blocked-by:cert_le', params)
  if (fault === 'blocked-address') return judge('unknown', fault, params)
  if (fault === 'refused') return judge('fail', fault, params)
  return isSilence(fault) && !canaryOk
    ? judge('unknown', 'monitor-fault', { target: params.host ?? '' })
    : judge('fail', 'no-answer', params)
}

function judgePage(page: Page, look: FamilyLook, seen: WebmailHttpObservation, judge: WebJudge): Verdict {
  const params = { ...paramsOf(look, seen), status: page.status }
  if (page.status >= 400) return judge('fail', 'http-error', params)
  if (page.status !== 200 || !page.body.includes(seen.marker)) return judge('fail', 'wrong-content', params)
  const host = hostOf(look.hops.at(-1)?.url)
  if (host !== seen.host) return judge('warn', 'redirect-leaves-host', { ...params, location: host })
  const latencyMs = look.hops.reduce((sum, hop) => sum + hop.result.latencyMs, 0)
  if (latencyMs > SLOW_MS) return judge('warn', 'slow', { ...params, limitMs: SLOW_MS })
  if (!keepsTls(page.headers['strict-transport-security'])) return judge('warn', 'no-hsts', params)
  return servesPlainly(look.plain.result, seen.host) ? judge('warn', 'no-https-redirect', params) : judge('pass', 'ok', params)
}

/** RFC 6797 §6.1.1: a max-age of zero switches it off. */
function keepsTls(header: string | undefined): boolean {
  return Number(/(?:^|;)\s*max-age\s*=\s*"?(\d+)/i.exec(header ?? '')?.[1] ?? 0) > 0
}

/** Plain HTTP has to lead to TLS on the same host first; a closed port or an error page harms nobody. */
function servesPlainly(plain: HttpResult, host: string): boolean {
  if (!plain.ok || plain.status >= 400) return false
  const { location } = plain.headers
  if (plain.status < 300 || location === undefined || !URL.canParse(location, `http://${host}/`)) return true
  const next = new URL(location, `http://${host}/`)
  return next.protocol !== 'https:' || next.hostname !== host
}

const faultOf = (look: FamilyLook): ConnectionFault | null => {
  const last = look.hops.at(-1)?.result
  return last && !last.ok ? last.fault : null
}

/** Nothing came back at all, as opposed to something wrong. */
function hasNoConnection(look: FamilyLook): boolean {
  const fault = faultOf(look)
  return look.hops.length === 1 && fault !== null && (fault === 'refused' || fault === 'reset' || isSilence(fault))
}

const hostOf = (url: string | undefined) => (url && URL.canParse(url) ? new URL(url).hostname : '')

function connectionsOf(look: FamilyLook) {
  return [look.plain, ...look.hops].map((hop) => connectionEvidence(hop.url, hop.result))
}

/** The stable part: how the way ended for each family. */
function factsOf(seen: WebmailHttpObservation) {
  const families = seen.looks.map((look) => {
    const last = look.hops.at(-1)?.result
    const result = last?.ok ? `HTTP ${last.status}` : (last?.fault ?? 'none')
    return [look.family, { end: look.end, result, loginPage: last?.ok === true && last.body.includes(seen.marker) }]
  })
  return { host: seen.host, families: Object.fromEntries(families) as Record<string, unknown> }
}
