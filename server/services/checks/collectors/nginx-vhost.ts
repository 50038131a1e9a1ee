import { evaluateNginxVhost, type FrontendLook, type NginxVhostObservation } from '../evaluate/nginx-vhost'
import { isSilence } from '../evaluate/verdict'
import { defineCollector, type CheckTarget, type CheckWorld } from './contract'
import { expectMailHost, parseFrontend, siteOf } from './look'

const MAX_FRONTENDS = 20

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
  const { mailHost } = expectMailHost(target)
  const { address, port } = parseFrontend(frontend)
  const site = siteOf(target, address, '/', port)
  // One look for all domains of the front end, so it must not end with this check. Certificates are judged by cert_le.
  const asStranger = () =>
    world.http.request({ ...site, url: new URL(`https://${strangerName(world)}:${port}`), verifyTls: false })
  const [root, stranger] = await Promise.all([world.visit.get(site), world.shared(`stranger:${address}:${port}`, asStranger)])
  const login = root.ok ? await world.visit.get(siteOf(target, address, mailHost.webmail.loginPath, port)) : root
  return { address, port, root, login, stranger }
}

/** A name that no server block has (RFC 6761 §6.4 keeps `.invalid` free). */
function strangerName(world: CheckWorld): string {
  return `vigia-${Math.floor(world.random() * 0xffff_ffff).toString(36)}.invalid`
}
