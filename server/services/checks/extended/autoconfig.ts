import type { HttpResult } from '#server/platform/http/types'
import { addressesOf, CONNECT_TIMEOUT_MS, ownAddresses, resolveHost } from '../collectors/look'
import { CLIENT_SERVICES } from './client-services'
import { defineExtended, type ExtendedTarget, type ExtendedWorld } from './contract'
import { evaluateAutoconfig, type AutoconfigObservation, type PageLook, type SrvLook } from './evaluate/autoconfig'
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
    const { domain } = target
    const [services, config, discover] = await Promise.all([
      Promise.all(SERVICES.map((service) => lookAtSrv(world, `${service}._tcp.${domain}`))),
      lookAtPage(world, target, `https://autoconfig.${domain}/mail/config-v1.1.xml`),
      lookAtPage(world, target, `https://autodiscover.${domain}/autodiscover/autodiscover.xml`),
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

async function lookAtPage(world: ExtendedWorld, target: ExtendedTarget, href: string): Promise<PageLook> {
  const url = new URL(href)
  const host = await resolveHost(world, url.hostname)
  const [address] = addressesOf(host)
  const result: HttpResult | null =
    address === undefined
      ? null
      : await world.http.request({
          ...{ url, address, ownAddresses: ownAddresses(target.mailHost), verifyTls: true },
          ...{ timeoutMs: CONNECT_TIMEOUT_MS, maxBodyBytes: MAX_BODY_BYTES, signal: world.signal },
        })
  return { url: href, host, result }
}
