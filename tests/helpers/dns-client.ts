import { afterEach } from 'vitest'
import { createDnsClient, type DnsClientOptions } from '#server/platform/dns/client'
import { record, startDnsServer, startRawUdp, type TestDnsOptions, type Zone, type ZoneReply } from './dns-server'

const closers: Array<() => Promise<unknown>> = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

/** A DNS server that ends with the test. */
export async function serve(zone: Zone, options?: TestDnsOptions) {
  const server = await startDnsServer(zone, options)
  closers.push(server.close)
  return server
}

/** A UDP socket that ends with the test. */
export async function serveRaw(...args: Parameters<typeof startRawUdp>) {
  const server = await startRawUdp(...args)
  closers.push(server.close)
  return server
}

/** The clock of `clientOf`. */
export const T0 = Date.UTC(2026, 0, 1)
export const clientOf = (servers: string[], options: Partial<DnsClientOptions> = {}) =>
  createDnsClient({ servers, now: () => T0, queryTimeoutMs: 2_000, ...options })

export const NXDOMAIN: ZoneReply = { rcode: 3, authorities: [record.soa('example', 60)] }
export const NODATA: ZoneReply = { authorities: [record.soa('example', 60)] }
export const YES: ZoneReply = { answers: [record.a('host.example', '192.0.2.1')] }
