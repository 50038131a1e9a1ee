import { isIP } from 'node:net'
import type { DnsAnswer } from '#server/platform/dns/types'
import type { HttpResult, HttpTarget } from '#server/platform/http/types'
import { evaluateCarbonio, type CarbonioObservation } from '../evaluate/carbonio'
import { isSilence } from '../evaluate/verdict'
import { authRequest, domainRequest, readDomain, readSession, soapUrl, type AdminSession } from './carbonio-admin'
import { defineCollector, type CheckTarget, type CheckWorld, type ExpectedMailHost } from './contract'
import { addressesOf, CONNECT_TIMEOUT_MS, expectMailHost, ownAddresses, resolveHost } from './look'

const MAX_BODY_BYTES = 64 * 1024
/** A day of cycles. */
const MAX_LATENCIES = 144

/** The health of the mail host, looked at once for all of its domains, and its word on this domain. */
export const carbonio = defineCollector<CarbonioObservation>({
  id: 'carbonio',
  needsMailHost: true,
  async collect(world, target) {
    const { mailHost } = expectMailHost(target)
    const [host, admin] = await Promise.all([
      world.shared(`health:${mailHost.id}`, () => lookAtHealth(world, mailHost)),
      lookAtDomain(world, target, mailHost),
    ])
    return { ...host, ...admin }
  },
  evaluate: evaluateCarbonio,
})

/** Shared by many domains, so not under the signal of whoever asks first; the canary tells of the moment of the look. */
async function lookAtHealth(
  world: CheckWorld,
  mailHost: ExpectedMailHost,
): Promise<Pick<CarbonioObservation, 'health' | 'canaryOk' | 'latencies'>> {
  const url = new URL(mailHost.healthUrl)
  const { answers, result } = await requestHost(world, mailHost, { url, verifyTls: false })
  const silent = result !== null && !result.ok && isSilence(result.fault)
  const health = { url: url.origin + url.pathname, answers, result }
  return { health, canaryOk: silent ? await world.canaryOk() : true, latencies: rememberLatency(world, mailHost, result) }
}

/** How long the host took before this look, oldest first; this one is remembered for the next. */
function rememberLatency(world: CheckWorld, mailHost: ExpectedMailHost, result: HttpResult | null): number[] {
  const key = `latency:${mailHost.id}`
  const before = world.memory.get<number[]>(key, world.now()) ?? []
  if (result?.ok) world.memory.set(key, [...before, Math.round(result.latencyMs)].slice(-MAX_LATENCIES), Infinity)
  return before
}

async function lookAtDomain(
  world: CheckWorld,
  target: CheckTarget,
  mailHost: ExpectedMailHost,
): Promise<Pick<CarbonioObservation, 'domain' | 'admin'>> {
  const { adminUrl, adminUser, adminPassword } = mailHost
  if (!adminUrl || !adminUser || !adminPassword) return { domain: null, admin: null }
  const url = soapUrl(adminUrl)
  const { session, tls } = await world.shared(`admin:${mailHost.id}`, async () => {
    const { result } = await post(world, mailHost, { url, body: authRequest(adminUser, adminPassword) })
    const session: AdminSession = result ? readSession(result) : { kind: 'unavailable', code: 'unresolved' }
    return { session, tls: result?.tls }
  })
  const admin = tls ? { url: url.origin, tls } : null
  if (!('token' in session)) return { domain: session, admin }
  const { result } = await post(world, mailHost, { url, body: domainRequest(session.token, target.domain), signal: world.signal })
  return { domain: result ? readDomain(result) : { kind: 'unavailable', code: 'unresolved' }, admin }
}

/** Credentials go only to a peer that proves its name. Thousands of domains ask the same service, so its connections are kept. */
function post(world: CheckWorld, mailHost: ExpectedMailHost, message: Pick<HttpTarget, 'url' | 'body' | 'signal'>) {
  const headers = { 'content-type': 'application/soap+xml; charset=utf-8' }
  return requestHost(world, mailHost, { ...message, method: 'POST', headers, verifyTls: true, keep: true })
}

type Request = Pick<HttpTarget, 'url' | 'method' | 'headers' | 'body' | 'verifyTls' | 'signal' | 'keep'>

/** One request to a host by name; over the other family when the first has no connection. Result null: no address. */
async function requestHost(
  world: CheckWorld,
  mailHost: ExpectedMailHost,
  request: Request,
): Promise<{ answers: DnsAnswer[]; result: HttpResult | null }> {
  const host = request.url.hostname.replace(/^\[(.*)\]$/, '$1')
  const resolved = isIP(host) === 0 ? await resolveHost(world, host, request.signal ?? null) : null
  const addresses = resolved ? addressesOf(resolved) : [host]
  const oneOfEach = [addresses.find((address) => !address.includes(':')), addresses.find((address) => address.includes(':'))]
  let result: HttpResult | null = null
  for (const address of oneOfEach) {
    if (address === undefined || result?.ok) continue
    const ownTimeout = result === null ? CONNECT_TIMEOUT_MS : CONNECT_TIMEOUT_MS / 2
    const next = await world.http.request({
      ...request,
      address,
      ownAddresses: ownAddresses(mailHost),
      timeoutMs: ownTimeout,
      maxBodyBytes: MAX_BODY_BYTES,
    })
    result = next.ok || result === null ? next : result
  }
  return { answers: resolved ? [resolved.a, resolved.aaaa] : [], result }
}
