import type { DnsAnswer } from '#server/platform/dns/types'
import type { MailLook } from '#server/platform/mail/types'
import { certificateFacts, certificateFault, renewalState } from '../../evaluate/certificate'
import { capList, capText, evidenceOf } from '../../evaluate/evidence'
import { unknownByFault } from '../../evaluate/verdict'
import type { ClientService } from '../client-services'
import type { ExtendedTarget, ExtendedVerdict } from '../contract'
import { mailEvidence } from '../mail-look'
import type { ClientPortsReason } from '../reasons/client-ports'
import { extendedJudge, type ExtendedJudge } from './judge'
import { isOutdated } from './outdated-tls'
import { worstOf } from './worst'

/** One service where mail programs look for it. */
export interface ServiceLook {
  service: ClientService
  srv: DnsAnswer
  /** SRV names the place, or says that there is none; else it is a guess. */
  published: boolean
  host: string
  port: number
  answers: DnsAnswer[]
  /** One address of each family. */
  looks: MailLook[]
}

export interface ClientPortsObservation {
  services: ServiceLook[]
  canaryOk: boolean
}

type PortsJudge = ExtendedJudge<ClientPortsReason>

/** RFC 8314: TLS from the first byte for mail programs, and no password before it. Pure. */
export function evaluateClientPorts(seen: ClientPortsObservation, _target: ExtendedTarget, now: number): ExtendedVerdict {
  const answers = seen.services.flatMap(({ srv, answers }) => [srv, ...answers])
  const connections = seen.services.flatMap(({ host, looks }) => looks.map((look) => mailEvidence(`${host}:${look.port}`, look)))
  const judge: PortsJudge = extendedJudge(evidenceOf(answers, connections, { services: factsOf(seen.services) }))
  const verdicts = seen.services.flatMap((one) => one.looks.map((look) => judgeLook(one, look, now, judge)))
  // A fault at the look-up of a place hides how the service stands.
  const hidden = unknownByFault(judge, answers)
  return worstOf(hidden ? [...verdicts, hidden] : verdicts) ?? judgeTogether(seen, judge)
}

function judgeLook(one: ServiceLook, look: MailLook, now: number, judge: PortsJudge): ExtendedVerdict {
  const params = { host: one.host, address: look.address, port: one.port }
  const fine = judge('pass', 'ok', params)
  if (look.startTls === 'injected') return judge('fail', 'injected', params)
  if (look.plain && offersLogin(one.service, look.plain)) return judge('fail', 'login-in-clear', params)
  if (look.startTls === 'absent' || look.startTls === 'declined') return judge('warn', 'no-starttls', params)
  if (look.tls) return judgeTls(look.tls, params, now, judge) ?? fine
  if (look.fault === 'blocked-address') return judge('unknown', look.fault, params)
  if (look.fault === 'refused' && one.published) return judge('fail', 'published-but-closed', params)
  const isSpoken =
    look.stage === 'handshake' && (look.fault === 'protocol' || look.fault === 'tls-alert' || look.fault === 'not-tls')
  if (isSpoken) return judge('fail', 'handshake-failed', params)
  // At a place that nobody published, a closed or silent port is a service that is not offered.
  if (!one.published || look.fault === 'refused' || look.fault === null) return fine
  return judge('unknown', 'no-answer', params)
}

function judgeTls(
  { protocol, peer }: NonNullable<MailLook['tls']>,
  params: ExtendedVerdict['params'],
  now: number,
  judge: PortsJudge,
): ExtendedVerdict | null {
  const fault = certificateFault(peer, now)
  const about = { ...params, names: capList(peer.names, 10), notAfter: new Date(peer.notAfter).toISOString().slice(0, 10) }
  // People may have been given another name than the one that was guessed.
  if (fault === 'name-mismatch') return judge('warn', 'name-mismatch', about)
  if (fault) return judge('fail', 'invalid-certificate', { ...about, fault })
  if (isOutdated(protocol)) return judge('warn', 'outdated-tls', { ...about, protocol })
  return renewalState(peer, now) === 'near-expiry' ? judge('warn', 'near-expiry', about) : null
}

/** RFC 9051 §6.2.3: without LOGINDISABLED the password may be sent at once; in SMTP (RFC 4954 §3) AUTH has to be offered. */
function offersLogin({ protocol }: ClientService, capabilities: string[]): boolean {
  if (protocol === 'imap') return !capabilities.includes('LOGINDISABLED')
  return capabilities.some((line) => /^AUTH[ =].*\b(?:PLAIN|LOGIN)\b/.test(line))
}

function judgeTogether(seen: ClientPortsObservation, judge: PortsJudge): ExtendedVerdict {
  const works = (use: ClientService['use'], security?: ClientService['security']) =>
    seen.services.some(({ service, looks }) => {
      return service.use === use && (!security || service.security === security) && looks.some(({ tls }) => tls !== null)
    })
  const hosts = capList([...new Set(seen.services.map(({ host }) => host))].filter((host) => host !== '.').sort(), 5)
  const lacking = (['reading', 'sending'] as const).find((use) => works(use) && !works(use, 'implicit'))
  if (lacking) return judge('warn', 'no-implicit-tls', { hosts, use: lacking, port: lacking === 'reading' ? 993 : 465 })
  if (works('reading') || works('sending')) return judge('pass', 'ok', { hosts })
  return seen.canaryOk ? judge('info', 'none-open', { hosts }) : judge('unknown', 'monitor-fault', { target: hosts[0] ?? '' })
}

function factsOf(services: ServiceLook[]): Record<string, unknown> {
  const ports = services.map(({ service, host, port, looks }) => {
    const places = looks.map((look) => [
      look.address,
      look.tls
        ? { protocol: look.tls.protocol, ...certificateFacts(look.tls.peer) }
        : capText(look.fault ?? look.startTls ?? 'none', 50),
    ])
    return [service.srv, { host, port, addresses: Object.fromEntries(places) as object }]
  })
  return Object.fromEntries(ports) as Record<string, unknown>
}
