import { evaluateCertLe, type CertLeObservation } from '../evaluate/cert-le'
import { defineCollector } from './contract'
import { addressesOf, expectMailHost, resolveHost, siteOf } from './look'

const MAX_ADDRESSES = 10

/** The certificate that every public address of the webmail name shows. */
export const certLe = defineCollector<CertLeObservation>({
  id: 'cert_le',
  needsMailHost: true,
  async collect(world, target) {
    const { webmailHost: host } = expectMailHost(target)
    const resolved = await resolveHost(world, host)
    const handshakes = addressesOf(resolved)
      .slice(0, MAX_ADDRESSES)
      .map((address) => world.visit.handshake(siteOf(target, address)))
    return { host, a: resolved.a, aaaa: resolved.aaaa, handshakes: await Promise.all(handshakes) }
  },
  evaluate: evaluateCertLe,
})
