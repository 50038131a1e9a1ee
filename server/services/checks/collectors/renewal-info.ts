import { z } from 'zod'
import type { PeerCertificateView } from '#server/platform/http/tls'
import type { RenewalLook } from '../evaluate/cert-le'
import type { CheckWorld } from './contract'
import { fetchOutside } from './outside'

/** ACME directories of the authorities that give renewal information, by the organisation that a certificate names as its issuer. */
const DIRECTORIES: Record<string, string> = {
  "Let's Encrypt": 'https://acme-v02.api.letsencrypt.org/directory',
  'Google Trust Services': 'https://dv.acme-v02.api.pki.goog/directory',
}

const HALF_DAY_MS = 12 * 3_600_000
const MAX_ANSWER_BYTES = 64 * 1024

const Directory = z.object({ renewalInfo: z.url({ protocol: /^https$/ }) })
/** RFC 9773 §4.2. */
const RenewalInfo = z.object({
  suggestedWindow: z.object({ start: z.iso.datetime({ offset: true }), end: z.iso.datetime({ offset: true }) }),
  explanationURL: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional()
    .catch(undefined),
})

/**
 * When the authority wants a certificate renewed (RFC 9773), asked twice a day at most. Null where it does not say, and where it cannot be
 * reached: nobody is warned about that.
 */
export async function lookAtRenewal(
  world: CheckWorld,
  peer: PeerCertificateView,
  directories = DIRECTORIES,
): Promise<RenewalLook | null> {
  const organisation = /(?:^|, )O=([^,]+)/.exec(peer.issuer)?.[1] ?? ''
  const directory = Object.hasOwn(directories, organisation) ? directories[organisation] : undefined
  const id = certificateId(peer)
  if (peer.trustError !== null || directory === undefined || id === null) return null
  const endpoint = await remember(world, `acme:${directory}`, async () => {
    const answer = await ask(world, new URL(directory), Directory)
    return answer?.renewalInfo ?? null
  })
  if (endpoint === null) return null
  return remember(world, `ari:${peer.fingerprint256}`, async () => {
    const answer = await ask(world, new URL(`${endpoint.replace(/\/$/, '')}/${id}`), RenewalInfo)
    return answer && { windowEnd: Date.parse(answer.suggestedWindow.end), explanation: answer.explanationURL ?? null }
  })
}

/** RFC 9773 §4.1: the authority's key identifier and the serial number as it stands in DER, each base64url. */
export function certificateId({ authorityKeyId, serialNumber }: PeerCertificateView): string | null {
  if (!authorityKeyId || !/^[0-9a-f]+$/i.test(serialNumber)) return null
  const even = serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`
  // DER puts a zero octet before a first bit that is set.
  const serial = parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even
  return `${Buffer.from(authorityKeyId, 'hex').toString('base64url')}.${Buffer.from(serial, 'hex').toString('base64url')}`
}

/** No answer is remembered as well: an authority that cannot be reached is not asked in every cycle. */
async function remember<T>(world: CheckWorld, key: string, look: () => Promise<T | null>): Promise<T | null> {
  const known = world.memory.get<T | null>(key, world.now())
  if (known !== undefined) return known
  return world.shared(key, async () => {
    const found = await look()
    world.memory.set(key, found, world.now() + HALF_DAY_MS)
    return found
  })
}

async function ask<T>(world: CheckWorld, url: URL, schema: z.ZodType<T>): Promise<T | null> {
  const result = await fetchOutside(world, url, MAX_ANSWER_BYTES)
  if (!result?.ok || result.status !== 200) return null
  try {
    return schema.safeParse(JSON.parse(result.body)).data ?? null
  } catch {
    return null
  }
}
