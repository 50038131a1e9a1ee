import type { DnsAnswer } from '#server/platform/dns/types'
import type { MailLook } from '#server/platform/mail/types'
import { expectMailHost, resolveHost } from '../collectors/look'
import { CLIENT_SERVICES, type ClientService } from './client-services'
import { defineExtended, type ExtendedTarget, type ExtendedWorld } from './contract'
import { evaluateClientPorts, type ClientPortsObservation, type ServiceLook } from './evaluate/client-ports'
import { HOUR_SEC } from './look'
import { lookAtMail } from './mail-look'
import { readSrv } from './srv'

/** What mail programs meet at the ports for IMAP and for sending. */
export const clientPorts = defineExtended<ClientPortsObservation>({
  id: 'client_ports',
  intervalSec: 6 * HOUR_SEC,
  subject: 'host-shared',
  needsMailHost: true,
  about: 'Whether mail programs can read and send over TLS, and no password travels in clear (RFC 8314).',
  thirdParty: null,
  async collect(world, target) {
    const services = await Promise.all(CLIENT_SERVICES.map((service) => lookAtService(world, target, service)))
    const silent = services.some(({ looks }) => looks.some(({ fault }) => fault === 'timeout'))
    return { services, canaryOk: silent ? await world.canaryOk() : true }
  },
  evaluate: evaluateClientPorts,
})

/** At the place that DNS names for the service (RFC 6186, RFC 8314 §5.1); else at the webmail name, which people know. */
async function lookAtService(world: ExtendedWorld, target: ExtendedTarget, service: ClientService): Promise<ServiceLook> {
  const srv = await world.dns.query(`${service.srv}._tcp.${target.domain}`, 'SRV', { signal: world.signal })
  const [published] = readSrv(srv)
  const { webmailHost } = expectMailHost(target)
  const place = published ? { host: published.target, port: published.port } : { host: webmailHost, port: service.port }
  const base = { service, srv, published: published !== undefined, ...place }
  if (published?.target === '.') return { ...base, answers: [], looks: [] }
  const { a, aaaa } = await resolveHost(world, place.host)
  const { protocol, security } = service
  const looks = firstOfEach(a, aaaa).map((address) => lookAtMail(world, target, { protocol, security, ...place, address }))
  return { ...base, answers: [a, aaaa], looks: await Promise.all<MailLook>(looks) }
}

/** One address of each family, the same at every look. */
function firstOfEach(...answers: DnsAnswer[]): string[] {
  return answers.flatMap(({ records }) =>
    records
      .map((record) => record.value)
      .sort()
      .slice(0, 1),
  )
}
