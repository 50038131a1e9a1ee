import type { HttpResult } from '#server/platform/http/types'
import { evaluateNginxVhost, type FrontendLook, type NginxVhostObservation } from '../evaluate/nginx-vhost'
import { isSilence } from '../evaluate/verdict'
import { defineCollector, type CheckTarget, type CheckWorld } from './contract'
import { CONNECT_TIMEOUT_MS, expectMailHost, ownAddresses, parseFrontend } from './look'

const MAX_FRONTENDS = 20
const MAX_BODY_BYTES = 256 * 1024

/** What the configured front ends answer to the webmail name; public DNS plays no part. */
export const nginxVhost = defineCollector<NginxVhostObservation>({
  id: 'nginx_vhost',
  needsMailHost: true,
  async collect(world, target) {
    const { mailHost, webmailHost: host } = expectMailHost(target)
    const frontends = await Promise.all(
      mailHost.frontends.slice(0, MAX_FRONTENDS).map((one) => lookAtFrontend(world, target, one)),
    )
    const silent = frontends.some(({ root }) => !root.ok && isSilence(root.fault))
    return { host, marker: mailHost.webmail.marker, frontends, canaryOk: silent ? await world.canaryOk() : true }
  },
  evaluate: evaluateNginxVhost,
})

async function lookAtFrontend(world: CheckWorld, target: CheckTarget, frontend: string): Promise<FrontendLook> {
  const { mailHost, webmailHost } = expectMailHost(target)
  const { address, port } = parseFrontend(frontend)
  const ask = (host: string, path: string, signal: AbortSignal | undefined): Promise<HttpResult> =>
    world.http.request({
      url: new URL(path, `https://${host}:${port}`),
      address,
      ownAddresses: ownAddresses(mailHost),
      timeoutMs: CONNECT_TIMEOUT_MS,
      maxBodyBytes: MAX_BODY_BYTES,
      // The certificate is judged by cert_le; here it only tells one server block from another.
      verifyTls: false,
      signal,
    })
  const [root, login, stranger] = await Promise.all([
    ask(webmailHost, '/', world.signal),
    ask(webmailHost, mailHost.webmail.loginPath, world.signal),
    // One look for all domains of the front end, so it must not end with this check.
    world.shared(`stranger:${address}:${port}`, () => ask(strangerName(world), '/', undefined)),
  ])
  return { address, port, root, login, stranger }
}

/** A name that no server block has (RFC 6761 §6.4 keeps `.invalid` free). */
function strangerName(world: CheckWorld): string {
  return `vigia-${Math.floor(world.random() * 0xffff_ffff).toString(36)}.invalid`
}
