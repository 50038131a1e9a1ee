import { isValidPeer } from '#server/platform/http/peer-certificate'
import type { HttpResult } from '#server/platform/http/types'
import { evaluateWebmailHttp, type FamilyLook, type Hop, type WebmailHttpObservation } from '../evaluate/webmail-http'
import { isSilence } from '../evaluate/verdict'
import { resolveSite } from './ask-domain'
import { defineCollector, type CheckTarget, type CheckWorld } from './contract'
import { expectMailHost, resolveHost, siteOf, type HostAddresses } from './look'

const MAX_REDIRECTS = 5

type Family = FamilyLook['family']
type Start = Pick<FamilyLook, 'family' | 'address'> & { url: URL }

/** What a visitor of the webmail name meets, over IPv4 and over IPv6. */
export const webmailHttp = defineCollector<WebmailHttpObservation>({
  id: 'webmail_http',
  needsMailHost: true,
  async collect(world, target) {
    const { mailHost, webmailHost: host } = expectMailHost(target)
    const resolved = await resolveSite(world, host)
    const families = (['IPv4', 'IPv6'] as const).map(async (family) => {
      const address = addressIn(resolved, family)
      return address === null ? null : visit(world, target, family, address)
    })
    const looks = (await Promise.all(families)).filter((look) => look !== null)
    const silent = looks.some(({ hops }) => hops.some(({ result }) => !result.ok && isSilence(result.fault)))
    return {
      host,
      marker: mailHost.webmail.marker,
      a: resolved.a,
      aaaa: resolved.aaaa,
      looks,
      canaryOk: silent ? await world.canaryOk() : true,
    }
  },
  evaluate: evaluateWebmailHttp,
})

/** The first address of a family, the same at every look. */
function addressIn(host: HostAddresses, family: Family): string | null {
  const answer = family === 'IPv4' ? host.a : host.aaaa
  return answer.records.map((record) => record.value).sort()[0] ?? null
}

async function visit(world: CheckWorld, target: CheckTarget, family: Family, address: string): Promise<FamilyLook> {
  const { mailHost, webmailHost } = expectMailHost(target)
  const plainUrl = new URL(`http://${webmailHost}:${mailHost.webmail.httpPort}/`)
  const [plain, way] = await Promise.all([
    world.http.request({ ...siteOf(target, address), url: plainUrl, verifyTls: false, signal: world.signal }),
    follow(world, target, { family, address, url: siteOf(target, address).url }),
  ])
  return { family, address, plain: { url: shown(plainUrl), result: plain }, ...way }
}

/** Goes where a browser would go, but never to plain HTTP; each new host is resolved anew and its address judged anew. */
async function follow(world: CheckWorld, target: CheckTarget, start: Start): Promise<Pick<FamilyLook, 'hops' | 'end'>> {
  const hops: Hop[] = []
  let { url, address } = start
  for (;;) {
    const result = await browse(world, target, url, address)
    hops.push({ url: shown(url), result })
    const next = redirectOf(result, url)
    if (!next) return { hops, end: 'answered' }
    if (next.protocol !== 'https:') return { hops, end: 'to-http' }
    if (hops.length > MAX_REDIRECTS || hops.some((hop) => hop.url === shown(next) && next.search === ''))
      return { hops, end: 'loop' }
    if (next.hostname !== url.hostname) {
      const found = addressIn(await resolveHost(world, next.hostname), start.family)
      if (found === null) return { hops, end: 'unresolved' }
      address = found
    }
    url = next
  }
}

/** As a browser does, it takes nothing from a peer that does not prove its name. */
async function browse(world: CheckWorld, target: CheckTarget, url: URL, address: string): Promise<HttpResult> {
  const site = siteOf(target, address)
  const result = await world.visit.get({ ...site, url, ownAddresses: isOwnPlace(target, url) ? site.ownAddresses : [] })
  if (!result.tls || isValidPeer(result.tls)) return result
  return { ok: false, fault: 'tls-invalid', address, latencyMs: result.latencyMs, tls: result.tls }
}

/** A redirect must not lead us to another port, or under another name, into the mail host's own network. */
function isOwnPlace(target: CheckTarget, url: URL): boolean {
  const { mailHost, webmailHost } = expectMailHost(target)
  const port = Number(url.port) || 443
  return url.hostname === webmailHost && port === mailHost.webmail.port
}

function redirectOf(result: HttpResult, base: URL): URL | null {
  const location = result.ok && result.status >= 300 && result.status < 400 ? result.headers.location : undefined
  return location !== undefined && URL.canParse(location, base) ? new URL(location, base) : null
}

/** Without the query: it may carry a session. */
const shown = (url: URL) => url.origin + url.pathname
