// Ceilings: the same exchanges with nothing of ours around them.
import { UDPClient } from 'dns2'
import * as http from 'node:http'
import * as https from 'node:https'
import { createSecureContext } from 'node:tls'

/** One for all: Node would read every root certificate anew for each connection. */
const secureContext = createSecureContext()

/** Asks one resolver (`ip:port`) with dns2's own client: a socket for each question, no cache, no second opinion. */
export function bareDns(resolver: string): (name: string, type: string) => Promise<unknown> {
  const [dns, port] = resolver.split(':')
  const client = UDPClient({ dns, port: Number(port) })
  return (name, type) => client(name, type as 'A')
}

export interface BareVisit {
  protocol: 'http' | 'https'
  address: string
  port: number
  host: string
  paths: readonly string[]
}

/** Pages of a host, one after the other over one connection, certificate checked; bodies are read and forgotten. */
export async function bareVisit({ protocol, address, port, host, paths }: BareVisit): Promise<void> {
  const { Agent, request } = protocol === 'https' ? https : http
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const options = { host: address, port, servername: host, headers: { host }, agent, secureContext }
  const get = (path: string) =>
    new Promise<void>((resolve, reject) => {
      const sent = request({ ...options, path }, (response) => {
        response.on('error', reject)
        response.on('end', () => resolve())
        response.resume()
      })
      sent.on('error', reject)
      sent.end()
    })
  try {
    for (const path of paths) await get(path)
  } finally {
    agent.destroy()
  }
}

export interface BareDomain {
  host: string
  /** How many of each; a secure connection carries two pages, a plain one carries one. */
  dnsQuestions: number
  tls: number
  plain: number
}

export interface BarePlace {
  resolver: string
  address: string
  ports: { http: number; https: number }
  loginPath: string
}

/** What the cycle exchanges for one domain: the questions side by side, then the connections side by side. */
export function bareDomain({ resolver, address, ports, loginPath }: BarePlace): (domain: BareDomain) => Promise<void> {
  const ask = bareDns(resolver)
  return async ({ host, dnsQuestions, tls, plain }) => {
    const times = (count: number, work: () => Promise<unknown>) => Array.from({ length: count }, work)
    const secure = { protocol: 'https', address, port: ports.https, host, paths: ['/', loginPath] } as const
    await Promise.all(times(dnsQuestions, () => ask(host, 'A')))
    await Promise.all([
      ...times(tls, () => bareVisit(secure)),
      ...times(plain, () => bareVisit({ ...secure, protocol: 'http', port: ports.http, paths: ['/'] })),
    ])
  }
}
