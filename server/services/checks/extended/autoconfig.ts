import { resolveHost } from '../collectors/look'
import { CLIENT_SERVICES } from './client-services'
import { defineExtended, type ExtendedWorld } from './contract'
import { evaluateAutoconfig, type AutoconfigObservation, type SrvLook } from './evaluate/autoconfig'
import { fetchSecurely } from './fetch'
import { DAY_SEC } from './look'
import { readSrv } from './srv'

const MAX_BODY_BYTES = 64 * 1024
const SERVICES = [...CLIENT_SERVICES.map(({ srv }) => srv), '_autodiscover']

/** How mail programs set themselves up: SRV records, and the files that Thunderbird and Outlook ask for. */
export const autoconfig = defineExtended<AutoconfigObservation>({
  id: 'autoconfig',
  intervalSec: DAY_SEC,
  subject: 'domain',
  needsMailHost: true,
  about: 'Whether mail programs find the servers of the domain by themselves: SRV records (RFC 6186), autoconfig, autodiscover.',
  thirdParty: null,
  async collect(world, target) {
    const { domain, mailHost } = target
    const options = { maxBodyBytes: MAX_BODY_BYTES, mailHost }
    const [services, config, discover] = await Promise.all([
      Promise.all(SERVICES.map((service) => lookAtSrv(world, `${service}._tcp.${domain}`))),
      fetchSecurely(world, new URL(`https://autoconfig.${domain}/mail/config-v1.1.xml`), options),
      fetchSecurely(world, new URL(`https://autodiscover.${domain}/autodiscover/autodiscover.xml`), options),
    ])
    return { services, config, discover }
  },
  evaluate: evaluateAutoconfig,
})

async function lookAtSrv(world: ExtendedWorld, name: string): Promise<SrvLook> {
  const answer = await world.dns.query(name, 'SRV', { signal: world.signal })
  const [srv] = readSrv(answer)
  if (!srv || srv.target === '.') return { answer, srv: srv ?? null, host: null }
  return { answer, srv, host: await resolveHost(world, srv.target) }
}
