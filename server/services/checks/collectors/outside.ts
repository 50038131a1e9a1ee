import type { HttpResult } from '#server/platform/http/types'
import type { CheckWorld } from './contract'
import { addressesOf, resolveHost } from './look'

/** What an authority answers is wanted, not needed: it must not eat up the time of the check. */
const TIMEOUT_MS = 2_500

/** `GET` from somebody who is neither tenant nor ours (an authority), at a public address only. Null: the name has no address. */
export async function fetchOutside(
  world: CheckWorld,
  url: URL,
  maxBodyBytes: number,
  binary = false,
): Promise<HttpResult | null> {
  // Shared by many domains, so not under the signal of whoever asks first.
  const [address] = addressesOf(await resolveHost(world, url.hostname, null))
  if (address === undefined) return null
  return world.http.request({ url, address, timeoutMs: TIMEOUT_MS, maxBodyBytes, binary, verifyTls: true })
}
