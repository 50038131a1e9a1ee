import type { NitroApp } from 'nitropack/types'
import type { Context } from '#server/platform/context'
import { refuseShell } from './gate'
import { identityOf } from './identity'
import { requireSafeIdentity } from './identity/require-safe'
import { installSessions } from './operator'
import { nonceScripts, setSecurityHeaders } from './security-headers'

/**
 * Sets up sign-in and the headers of every answer, static files included. Called by the boot, once.
 * @throws ConfigError when the embedded provider would serve other machines
 */
export function installAccess(nitro: NitroApp, world: Context): void {
  requireSafeIdentity(world.config)
  installSessions(world)
  const settings = {
    https: world.config.baseUrl.startsWith('https:'),
    identityOrigin: identityOf(world).origin,
    dev: import.meta.dev ?? false,
  }
  nitro.hooks.hook('request', (event) => {
    // HEAD is GET without the body, which Node leaves out by itself (RFC 9110 §9.3.2); routes are written for GET.
    if (event.node.req.method === 'HEAD') event.node.req.method = 'GET'
    setSecurityHeaders(event, settings)
  })
  nitro.hooks.hook('render:before', refuseShell)
  nitro.hooks.hook('render:html', (html, { event }) => nonceScripts(html, event.context.cspNonce ?? ''))
}
