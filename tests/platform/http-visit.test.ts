import type { TLSSocket } from 'node:tls'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createHttpClient } from '#server/platform/http/http-client'
import type { HttpVisit, VisitTarget } from '#server/platform/http/types'
import { createAuthority, mintSelfSigned, type CertificateAuthority, type Minted } from '../helpers/certificates'
import { startTcpServer, startTlsServer, type TestServer } from '../helpers/tls-server'

const servers: TestServer[] = []
const visits: HttpVisit[] = []
afterEach(async () => {
  await Promise.all(visits.splice(0).map((visit) => visit.close()))
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

let authority: CertificateAuthority
let good: Minted
beforeAll(async () => {
  authority = await createAuthority()
  good = await authority.mint({ names: ['web.example'] })
})

const keep = (server: TestServer) => (servers.push(server), server)
function begin(allowNets = ['127.0.0.0/8']): HttpVisit {
  const visit = createHttpClient({ allowNets, extraCa: [authority.cert] }).visit()
  visits.push(visit)
  return visit
}
const page = ({ host, port }: TestServer, path = '/', changes: Partial<VisitTarget> = {}): VisitTarget => ({
  ...{ url: new URL(path, `https://web.example:${port}`), address: host, timeoutMs: 5_000 },
  ...changes,
})

const reply = (body: string, headers = '') => `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n${headers}\r\n${body}`
/** Answers each request with its number and path; `headers` may end the connection. */
async function serve(minted = good, headers = '') {
  const paths: string[] = []
  const onConnection = (socket: TLSSocket) =>
    socket.on('data', (data) => {
      const path = /^GET (\S+)/.exec(data.toString())?.[1] ?? '?'
      paths.push(path)
      socket.write(reply(`page ${path}`, headers))
      if (headers) socket.end()
    })
  return { server: keep(await startTlsServer(minted, onConnection)), paths }
}

describe('a visit', () => {
  it('asks for each page once and uses one connection for all, whoever asks first', async () => {
    const { server, paths } = await serve()
    const visit = begin()
    const [root, login, again, shaken] = await Promise.all([
      visit.get(page(server)),
      visit.get(page(server, '/login/')),
      visit.get(page(server)),
      visit.handshake(page(server)),
    ])
    expect(root).toMatchObject({ ok: true, body: 'page /', tls: { trustError: null, nameMatches: true } })
    expect(login).toMatchObject({ ok: true, body: 'page /login/' })
    expect(again).toBe(root)
    expect(shaken).toMatchObject({ ok: true, protocol: 'TLSv1.3', port: server.port, peer: { names: ['web.example'] } })
    expect(paths).toEqual(['/', '/login/'])
    expect(server.connections()).toBe(1)
    await visit.close()
    await server.idle()
  })

  it('connects again where the peer ends each connection', async () => {
    const { server } = await serve(good, 'connection: close\r\n')
    const visit = begin()
    expect(await visit.get(page(server))).toMatchObject({ ok: true, body: 'page /' })
    expect(await visit.get(page(server, '/login/'))).toMatchObject({ ok: true, body: 'page /login/' })
    expect(server.connections()).toBe(2)
  })

  it('tries a lost connection anew only when it had served before', async () => {
    const server = keep(await startTlsServer(good, (socket) => socket.on('data', () => socket.destroy())))
    expect(await begin().get(page(server))).toMatchObject({ ok: false, fault: 'reset' })
    expect(server.connections()).toBe(1)
  })

  it('keeps names apart at one address', async () => {
    const { server } = await serve()
    const visit = begin()
    const other = { ...page(server), url: new URL(`https://other.example:${server.port}/`) }
    expect(await visit.handshake(page(server))).toMatchObject({ peer: { nameMatches: true } })
    expect(await visit.handshake(other)).toMatchObject({ peer: { nameMatches: false } })
    expect(server.connections()).toBe(2)
  })

  it('goes on with a certificate that is not good, and says so', async () => {
    const { server } = await serve(await mintSelfSigned({ names: ['web.example'] }))
    expect(await begin().get(page(server))).toMatchObject({
      ok: true,
      tls: { trustError: 'DEPTH_ZERO_SELF_SIGNED_CERT', nameMatches: true },
    })
  })

  it('does not lend a connection to a caller who may not go there', async () => {
    const { server } = await serve()
    const visit = begin([])
    expect(await visit.get(page(server, '/', { ownAddresses: [server.host] }))).toMatchObject({ ok: true })
    expect(await visit.get(page(server))).toMatchObject({ ok: false, fault: 'blocked-address' })
    expect(server.connections()).toBe(1)
  })

  it('tells a failed connection once to all, without a second one', async () => {
    const server = keep(await startTcpServer((socket) => socket.destroy()))
    const visit = begin()
    expect(await visit.handshake(page(server))).toMatchObject({ ok: false, fault: 'reset' })
    expect(await visit.get(page(server))).toMatchObject({ ok: false, fault: 'reset' })
    expect(server.connections()).toBe(1)
  })

  it('gives each page its own time, and the next one a fresh connection after a stall', async () => {
    const server = keep(
      await startTlsServer(good, (socket) =>
        socket.on('data', (data) => data.toString().startsWith('GET /well') && socket.write(reply('well'))),
      ),
    )
    const visit = begin()
    const [stalled, well] = await Promise.all([
      visit.get(page(server, '/stall', { timeoutMs: 300 })),
      visit.get(page(server, '/well')),
    ])
    expect(stalled).toMatchObject({ ok: false, fault: 'timeout' })
    expect(well).toMatchObject({ ok: true, body: 'well' })
  })

  it('ends what is under way when it is closed, and leaves no connection', async () => {
    const server = keep(await startTcpServer(() => {}))
    const visit = begin()
    const waiting = visit.get(page(server, '/', { timeoutMs: 60_000 }))
    await visit.close()
    expect(await waiting).toMatchObject({ ok: false, fault: 'timeout' })
    await server.idle()
  })
})
