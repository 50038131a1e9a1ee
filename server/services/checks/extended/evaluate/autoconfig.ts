import type { DnsAnswer } from '#server/platform/dns/types'
import type { ConnectionFault } from '#server/platform/http/types'
import type { HostAddresses } from '../../collectors/look'
import { capList, capText, connectionEvidence, evidenceOf, foundValues } from '../../evaluate/evidence'
import { isFault, unknownByFault } from '../../evaluate/verdict'
import type { ExtendedTarget, ExtendedVerdict } from '../contract'
import type { Fetched } from '../fetch'
import type { AutoconfigReason } from '../reasons/autoconfig'
import type { Srv } from '../srv'
import { readClientConfig } from './client-config'
import { extendedJudge, type ExtendedJudge } from './judge'
import { worstOf } from './worst'

/** One service in SRV; `host` is null when nothing or `.` is published. */
export interface SrvLook {
  answer: DnsAnswer
  srv: Srv | null
  host: HostAddresses | null
}

export interface AutoconfigObservation {
  services: SrvLook[]
  /** What Thunderbird asks for. */
  config: Fetched
  /** What Outlook asks for. */
  discover: Fetched
}

type AutoJudge = ExtendedJudge<AutoconfigReason>
const BAD_TLS: readonly ConnectionFault[] = ['tls-invalid', 'tls-alert', 'not-tls']

/** RFC 6186, RFC 8314 §5.1, and the two ways of vendors. All are optional; what is published has to be right. Pure. */
export function evaluateAutoconfig(seen: AutoconfigObservation, target: ExtendedTarget): ExtendedVerdict {
  const hosts = [...seen.services.flatMap(({ host }) => host ?? []), seen.config.host, seen.discover.host]
  const answers = [...seen.services.map(({ answer }) => answer), ...hosts.flatMap(({ a, aaaa }) => [a, aaaa])]
  const connections = [seen.config, seen.discover].flatMap(({ url, result }) => (result ? [connectionEvidence(url, result)] : []))
  const judge: AutoJudge = extendedJudge(evidenceOf(answers, connections, factsOf(seen)))
  const verdicts = [
    ...seen.services.map((one) => judgeSrv(one, judge)),
    judgeConfig(seen.config, judge),
    judgeDiscover(seen.discover, judge),
  ]
  return worstOf(verdicts.flatMap((verdict) => verdict ?? [])) ?? judgeTogether(seen, target, judge)
}

function judgeSrv({ answer, srv, host }: SrvLook, judge: AutoJudge): ExtendedVerdict | null {
  const fault = unknownByFault(judge, [answer])
  if (fault) return fault
  if (!srv || !host) return null
  const params = { name: answer.name, target: srv.target }
  if (host.a.records.length + host.aaaa.records.length === 0)
    return unknownByFault(judge, [host.a, host.aaaa]) ?? judge('fail', 'srv-unresolved', params)
  const [alias] = [...host.a.cnames, ...host.aaaa.cnames]
  return alias === undefined ? null : judge('warn', 'srv-alias', { ...params, alias })
}

/** Null: the file is as it should be, or is not published at all. */
function judgeConfig(page: Fetched, judge: AutoJudge): ExtendedVerdict | null {
  const problem = judgePage(page, judge)
  if (problem || !page.result?.ok) return problem
  const { url } = page
  const config = page.result.status === 200 ? readClientConfig(page.result.body) : null
  if (page.result.status !== 200) return judge('warn', 'page-error', { url, status: page.result.status })
  if (!config) return judge('warn', 'config-unreadable', { url })
  const inClear = config.find(({ socketType }) => socketType === 'plain')
  return inClear ? judge('warn', 'config-in-clear', { url, host: capText(inClear.host, 253) }) : null
}

/** Outlook signs in before it is told anything, so all that can be seen is whether somebody is there. */
function judgeDiscover(page: Fetched, judge: AutoJudge): ExtendedVerdict | null {
  const problem = judgePage(page, judge)
  if (problem || !page.result?.ok) return problem
  const { status } = page.result
  return status >= 500 || status === 404 ? judge('warn', 'page-error', { url: page.url, status }) : null
}

function judgePage({ url, host, result }: Fetched, judge: AutoJudge): ExtendedVerdict | null {
  if (!result) return unknownByFault(judge, [host.a, host.aaaa])
  if (result.ok) return null
  if (BAD_TLS.includes(result.fault)) return judge('warn', 'bad-tls', { url })
  if (result.fault === 'blocked-address') return judge('unknown', result.fault, { address: result.address })
  return result.fault === 'refused' ? judge('warn', 'page-refused', { url }) : judge('unknown', 'no-answer', { url })
}

function judgeTogether(seen: AutoconfigObservation, target: ExtendedTarget, judge: AutoJudge): ExtendedVerdict {
  const ways = [
    ...(seen.services.some(({ host }) => host) ? ['SRV'] : []),
    ...(seen.config.result ? ['autoconfig'] : []),
    ...(seen.discover.result ? ['autodiscover'] : []),
  ]
  if (ways.length > 0) return judge('pass', 'ok', { ways })
  const declined = seen.services.some(({ srv }) => srv?.target === '.')
  return declined
    ? judge('pass', 'not-offered-ok', { domain: target.domain })
    : judge('info', 'absent', { domain: target.domain })
}

function factsOf(seen: AutoconfigObservation): Record<string, unknown> {
  const stateOf = ({ host, result }: Fetched) => {
    if (result) return result.ok ? `HTTP ${result.status}` : result.fault
    return isFault(host.a.outcome) ? null : 'no address'
  }
  return {
    services: Object.fromEntries(seen.services.map(({ answer }) => [answer.name, foundValues(answer)])) as object,
    aliases: capList(seen.services.flatMap(({ host }) => host?.a.cnames ?? []).sort(), 10),
    autoconfig: stateOf(seen.config),
    autodiscover: stateOf(seen.discover),
  }
}
