import type { ConnectionFault, HttpResult } from '#server/platform/http/types'
import type { CheckTarget, Verdict } from '../collectors/contract'
import type { NginxVhostReason } from '../reasons/nginx-vhost'
import { capText, connectionEvidence, evidenceOf } from './evidence'
import { isSilence, judgeOver, type Judge } from './verdict'

/** One front end, asked by its address. */
export interface FrontendLook {
  address: string
  port: number
  /** `GET /` with our name. */
  root: HttpResult
  /** The login page with our name. */
  login: HttpResult
  /** `GET /` with a name that nobody has: what the default server answers. */
  stranger: HttpResult
}

export interface NginxVhostObservation {
  host: string
  marker: string
  frontends: FrontendLook[]
  canaryOk: boolean
}

type VhostJudge = Judge<NginxVhostReason>

/** Whether the configured front ends serve the webmail name as a virtual host of its own. Pure. */
export function evaluateNginxVhost(seen: NginxVhostObservation, _target: CheckTarget): Verdict {
  const connections = seen.frontends.flatMap((look) => [
    connectionEvidence(`https://${seen.host}:${look.port}/`, look.root),
    connectionEvidence(`https://${seen.host}:${look.port} (login page)`, look.login),
  ])
  const found = Object.fromEntries(seen.frontends.map((look) => [`${look.address} ${look.port}`, factsOf(look, seen)]))
  const judge: VhostJudge = judgeOver(evidenceOf([], connections, { host: seen.host, frontends: found }))
  if (seen.frontends.length === 0) return judge('skipped', 'no-frontends')
  const verdicts = seen.frontends.map((look) => ({ look, verdict: judgeFrontend(look, seen, judge) }))
  const answered = verdicts.filter(({ look }) => look.root.ok)
  const wrong = answered.find(({ verdict }) => verdict.status === 'fail')
  if (wrong) return wrong.verdict
  // A network that this machine has no way into (IPv6, mostly) says nothing while another front end answers.
  const silent = verdicts.filter(({ look }) => !look.root.ok && (answered.length === 0 || look.root.fault !== 'unreachable'))
  if (answered.length === 0)
    return (silent.find(({ verdict }) => verdict.status === 'unknown') ?? silent[0])?.verdict ?? judge('skipped', 'no-frontends')
  if (silent.length > 0)
    return judgePartial(
      silent.map(({ look }) => look.address),
      answered.map(({ look }) => look.address),
      judge,
    )
  return answered.find(({ verdict }) => verdict.status === 'warn')?.verdict ?? judge('pass', 'ok', { host: seen.host })
}

/** Some front ends answer and some do not; a whole family missing has its own name. */
function judgePartial(silent: string[], answered: string[], judge: VhostJudge): Verdict {
  const family = silent.map(familyOf).find((one) => !answered.some((address) => familyOf(address) === one))
  return family
    ? judge('warn', 'one-family', { family, addresses: silent })
    : judge('warn', 'some-frontends-down', { addresses: silent })
}

function judgeFrontend(look: FrontendLook, seen: NginxVhostObservation, judge: VhostJudge): Verdict {
  const params = { host: seen.host, address: look.address, port: look.port }
  const { root } = look
  if (!root.ok) return judgeFault(root.fault, params, seen.canaryOk, judge)
  if (isDefaultServer(look, seen.marker)) return judge('fail', 'default-vhost', { ...params, status: root.status })
  if (root.status >= 400) return judge('fail', 'http-error', { ...params, status: root.status })
  const leaves = foreignRedirect(root, seen.host)
  if (leaves) return judge('warn', 'redirect-leaves-host', { ...params, location: leaves })
  if (!look.login.ok) return judge('fail', 'no-login-page', { ...params, result: look.login.fault })
  if (look.login.status >= 400) return judge('fail', 'http-error', { ...params, status: look.login.status })
  return carriesMarker(look.login, seen.marker)
    ? judge('pass', 'ok', params)
    : judge('fail', 'no-login-page', { ...params, result: `HTTP ${look.login.status}` })
}

function judgeFault(fault: ConnectionFault, params: Verdict['params'], canaryOk: boolean, judge: VhostJudge): Verdict {
  if (fault === 'blocked-address') return judge('unknown', fault, params)
  if (isSilence(fault))
    return canaryOk ? judge('fail', 'no-answer', params) : judge('unknown', 'monitor-fault', { target: params.address ?? '' })
  if (fault === 'refused' || fault === 'not-tls' || fault === 'tls-alert' || fault === 'unrecognized-name')
    return judge('fail', fault, params)
  return judge('fail', 'no-answer', params)
}

/**
 * The default server answers for us when a stranger's name gets the same: the same certificate that is not for us, or the same answer
 * without our login page behind it. One certificate for all names with the right page behind it is no fault.
 */
function isDefaultServer({ root, login, stranger }: FrontendLook, marker: string): boolean {
  if (!root.ok || !stranger.ok) return false
  const sameCertificate = root.tls !== undefined && root.tls.fingerprint256 === stranger.tls?.fingerprint256
  if (sameCertificate && !root.tls?.nameMatches) return true
  const sameAnswer = root.status === stranger.status && root.body === stranger.body && sameLocation(root, stranger)
  return sameAnswer && sameCertificate && !carriesMarker(login, marker)
}

/** A redirect is the same when only the host name in it differs. */
function sameLocation(one: HttpResult & { ok: true }, other: HttpResult & { ok: true }): boolean {
  const path = (location: string | undefined) => (location === undefined ? '' : location.replace(/^https?:\/\/[^/]*/, ''))
  return path(one.headers.location) === path(other.headers.location)
}

/** The host that a redirect leads to when it is not ours; null otherwise. */
function foreignRedirect(root: HttpResult & { ok: true }, host: string): string | null {
  const { location } = root.headers
  if (root.status < 300 || location === undefined || !URL.canParse(location, `https://${host}/`)) return null
  const { hostname } = new URL(location, `https://${host}/`)
  return hostname === host ? null : capText(hostname, 253)
}

function factsOf(look: FrontendLook, { marker }: NginxVhostObservation): Record<string, unknown> {
  if (!look.root.ok) return { result: look.root.fault }
  return {
    status: look.root.status,
    certificate: look.root.tls?.fingerprint256 ?? null,
    loginPage: carriesMarker(look.login, marker),
  }
}

const carriesMarker = (page: HttpResult, marker: string) => page.ok && page.status === 200 && page.body.includes(marker)
const familyOf = (address: string) => (address.includes(':') ? 'IPv6' : 'IPv4')
