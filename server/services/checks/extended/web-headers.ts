import { CONNECT_TIMEOUT_MS, addressesOf, expectMailHost, ownAddresses, resolveHost } from '../collectors/look'
import { defineExtended } from './contract'
import { evaluateWebHeaders, type WebHeadersObservation } from './evaluate/web-headers'
import { HOUR_SEC } from './look'

/** What the login page of the webmail asks browsers to do for its safety. */
export const webHeaders = defineExtended<WebHeadersObservation>({
  id: 'web_headers',
  intervalSec: 6 * HOUR_SEC,
  subject: 'domain',
  needsMailHost: true,
  about: 'Whether the login page of the webmail makes browsers stay on TLS (RFC 6797), and which other headers it sends.',
  thirdParty: null,
  async collect(world, target) {
    const { mailHost, webmailHost: host } = expectMailHost(target)
    const url = new URL(`https://${host}:${mailHost.webmail.port}`)
    url.pathname = mailHost.webmail.loginPath
    const { a, aaaa } = await resolveHost(world, host)
    const [address] = addressesOf({ host, a, aaaa })
    if (address === undefined) return { url: url.href, a, aaaa, result: null }
    const result = await world.http.request({
      ...{ url, address, ownAddresses: ownAddresses(mailHost) },
      ...{ timeoutMs: CONNECT_TIMEOUT_MS, maxBodyBytes: 1_024, verifyTls: true, signal: world.signal },
    })
    return { url: url.href, a, aaaa, result }
  },
  evaluate: evaluateWebHeaders,
})
