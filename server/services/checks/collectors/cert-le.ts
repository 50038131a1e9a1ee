import type { TlsResult } from '#server/platform/http/types'
import { evaluateCertLe, type CertLeObservation } from '../evaluate/cert-le'
import { resolveSite } from './ask-domain'
import { defineCollector, type CheckWorld } from './contract'
import { addressesOf, expectMailHost, siteOf } from './look'
import { lookAtRenewal } from './renewal-info'
import { lookAtRevocation } from './revocation'

const MAX_ADDRESSES = 10

/** The certificate that every public address of the webmail name shows. */
export const certLe = defineCollector<CertLeObservation>({
  id: 'cert_le',
  needsMailHost: true,
  async collect(world, target) {
    const { webmailHost: host } = expectMailHost(target)
    const resolved = await resolveSite(world, host)
    const handshakes = addressesOf(resolved)
      .slice(0, MAX_ADDRESSES)
      .map((address) => world.visit.handshake(siteOf(target, address)))
    const shown = await Promise.all(handshakes)
    return { host, a: resolved.a, aaaa: resolved.aaaa, handshakes: shown, ...(await askAuthority(world, shown)) }
  },
  evaluate: evaluateCertLe,
})

/** What the authority says of each certificate that was shown; once where all addresses show the same. */
async function askAuthority(world: CheckWorld, shown: TlsResult[]): Promise<Pick<CertLeObservation, 'revocations' | 'renewals'>> {
  const peers = shown.flatMap((one) => (one.ok ? [[one.peer.fingerprint256, one.peer] as const] : []))
  const different = [...new Map(peers).values()]
  const [revocations, renewals] = await Promise.all([
    Promise.all(different.map((peer) => lookAtRevocation(world, peer))),
    Promise.all(different.map((peer) => lookAtRenewal(world, peer))),
  ])
  return { revocations: revocations.filter((look) => look !== null), renewals: renewals.filter((look) => look !== null) }
}
