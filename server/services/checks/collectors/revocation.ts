import type { KeyObject } from 'node:crypto'
import type { PeerCertificateView } from '#server/platform/http/tls'
import { readRevocationList, type RevocationList } from '#server/platform/http/revocation-list'
import type { RevocationLook } from '../evaluate/cert-le'
import type { CheckWorld } from './contract'
import { fetchOutside } from './outside'

const MAX_LIST_BYTES = 4 * 1024 * 1024
const HALF_DAY_MS = 12 * 3_600_000
/** A list that could not be had is not asked for in every cycle. */
const RETRY_MS = 3_600_000

/**
 * Whether the authority has revoked a certificate, by its list (RFC 5280 §6.3): fetched once for all its certificates, believed until the
 * next one is out and for half a day at most. Null where nothing can be asked: no list, or no proven issuer. Never a fault of the domain.
 */
export async function lookAtRevocation(world: CheckWorld, peer: PeerCertificateView): Promise<RevocationLook | null> {
  const url = peer.crlUrls?.find((one) => one.startsWith('http://') && URL.canParse(one))
  const { issuerKey, fingerprint256 } = peer
  if (peer.trustError !== null || url === undefined || !issuerKey) return null
  const key = `revocation:${fingerprint256}`
  const known = world.memory.get<RevocationLook>(key, world.now())
  if (known) return known
  // The key is of the issuer as well: a list is believed only by whose signature it bears.
  const { list, outcome, at } = await world.shared(`crl:${url} ${peer.authorityKeyId}`, () =>
    fetchList(world, new URL(url), issuerKey),
  )
  const look: RevocationLook = { url, outcome, revokedAt: list?.revokedAt(peer.serialNumber) ?? null }
  world.memory.set(key, look, list ? Math.min(list.nextUpdate ?? Infinity, at + HALF_DAY_MS) : at + RETRY_MS)
  return look
}

interface Fetched {
  list: RevocationList | null
  outcome: string
  at: number
}

async function fetchList(world: CheckWorld, url: URL, issuerKey: KeyObject): Promise<Fetched> {
  const result = await fetchOutside(world, url, MAX_LIST_BYTES, true)
  const at = world.now()
  if (!result) return { list: null, outcome: 'unresolved', at }
  if (!result.ok) return { list: null, outcome: result.fault, at }
  if (result.truncated) return { list: null, outcome: 'too big', at }
  const list = result.status === 200 ? readRevocationList(Buffer.from(result.body, 'latin1'), issuerKey) : null
  return { list, outcome: list ? 'read' : `HTTP ${result.status}, not a list of this authority`, at }
}
