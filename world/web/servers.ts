import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import type { SecureContext } from 'node:tls'
import { setTimeout as wait } from 'node:timers/promises'
import type { StandIn } from '#server/platform/stand-ins'
import { answerSoap, type AdminState } from '../carbonio/soap'
import { PLACES, type MailHostKey } from '../provider'
import { hostOf, pathOf, siteAnswer, siteDelayMs, writeAnswer, type Behaviour } from './behaviours'
import { PortGroup, type Listener } from './listen'
import type { SiteTable } from './sites'

export interface WebOptions {
  table: SiteTable
  /** 0 chooses a free one. */
  ports: { https: number; http: number; admin: number }
  delayMs(): number
  healthy(key: MailHostKey): boolean
  /** A behaviour switched on by hand, by host name. */
  override(name: string): Behaviour | undefined
  admin(key: MailHostKey): AdminState
}

export interface WebServers {
  ports: { https: number; http: number; admin: number }
  /** Connections taken so far, by kind of port. */
  connections(): { https: number; http: number; admin: number }
  standIns: StandIn[]
  close(): Promise<void>
}

const MAX_SOAP_OCTETS = 1 << 20
const SOAP_PATH = '/service/admin/soap'

/** All web servers of the world: front ends over TLS, their redirects from plain HTTP, admin services, and the odd ones out. */
export async function startWebServers(options: WebOptions): Promise<WebServers> {
  const { table, ports } = options
  const tls = (address: string, listener: RequestListener): Listener => ({
    address,
    server: tlsServer(options, address, listener),
  })
  const https = await PortGroup.open(
    [
      ...table.addresses.map((address) => tls(address, siteListener(options, address))),
      // Takes what comes and says nothing; the data is read so that the kernel's buffer never answers for it.
      { address: PLACES.silent, server: createTcpServer((socket) => void socket.resume()) },
      { address: PLACES.plain, server: createHttpServer((_, response) => response.end('no TLS here\n')) },
    ],
    ports.https,
    [PLACES.closed],
  )
  const plainAddresses = [...table.addresses, PLACES.silent, PLACES.plain]
  const http = await PortGroup.open(
    plainAddresses.map((address) => ({ address, server: createHttpServer(redirectListener(options, https.port)) })),
    ports.http,
    [PLACES.closed],
  )
  const admin = await PortGroup.open(
    table.addresses
      .filter((address) => address !== PLACES.elsewhere)
      .map((address) => tls(address, adminListener(options, address))),
    ports.admin,
  )
  return {
    ports: { https: https.port, http: http.port, admin: admin.port },
    connections: () => ({ https: https.taken, http: http.taken, admin: admin.taken }),
    standIns: [...https.standIns(443), ...http.standIns(80)],
    close: async () => void (await Promise.all([https.close(), http.close(), admin.close()])),
  }
}

/** The certificate follows the name of the handshake (SNI), the site follows the Host header, as with nginx. */
function tlsServer({ table, delayMs }: WebOptions, address: string, listener: RequestListener) {
  const SNICallback = (name: string, done: (error: Error | null, context?: SecureContext) => void) => {
    const context = table.find(address, name.toLowerCase()).context()
    Promise.all([context, pause(delayMs())]).then(
      ([ready]) => done(null, ready),
      (error: Error) => done(error),
    )
  }
  const server = createHttpsServer({ ...table.defaultIdentity(address), SNICallback }, listener)
  server.on('tlsClientError', () => undefined)
  return server
}

const pause = (ms: number) => (ms > 0 ? wait(ms, undefined, { ref: false }) : undefined)

/** Runs an asynchronous listener; a failure in it is the world's own, and shown as 599. */
const listen =
  (handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>): RequestListener =>
  (request, response) => {
    handle(request, response).catch(() => response.headersSent || response.writeHead(599).end())
  }

function siteListener({ table, delayMs, healthy, override }: WebOptions, address: string): RequestListener {
  return listen(async (request, response) => {
    const name = hostOf(request)
    const site = table.find(address, name)
    const behaviour = override(name) ?? site.behaviour
    const path = pathOf(request)
    await pause(delayMs() + siteDelayMs(behaviour, path))
    writeAnswer(response, siteAnswer(behaviour, path, request.headers.host ?? '', !site.mailHost || healthy(site.mailHost)))
  })
}

/** Plain HTTP says only: come back over TLS, to the same host. */
function redirectListener({ delayMs }: WebOptions, httpsPort: number): RequestListener {
  return listen(async (request, response) => {
    await pause(delayMs())
    const port = httpsPort === 443 ? '' : `:${httpsPort}`
    writeAnswer(response, { status: 301, headers: { location: `https://${hostOf(request)}${port}${request.url ?? '/'}` } })
  })
}

function adminListener({ table, delayMs, healthy, admin }: WebOptions, address: string): RequestListener {
  return listen(async (request, response) => {
    const body = await readBody(request)
    await pause(delayMs())
    const { mailHost } = table.find(address, hostOf(request))
    const path = pathOf(request)
    if (!mailHost || path !== SOAP_PATH || request.method !== 'POST' || body === null)
      return writeAnswer(response, siteAnswer('login', path, request.headers.host ?? '', !mailHost || healthy(mailHost)))
    const token = /(?:^|;\s*)ZM_ADMIN_AUTH_TOKEN=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
    const answer = answerSoap(body, token, admin(mailHost))
    writeAnswer(response, { status: answer.status, headers: { 'content-type': answer.contentType }, body: answer.body })
  })
}

/** Null when it is too long to be a request of ours. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let octets = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    octets += chunk.length
    if (octets > MAX_SOAP_OCTETS) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
