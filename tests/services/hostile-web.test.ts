import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createHttpClient } from '#server/platform/http/http-client'
import { runChecks } from '#server/services/checks/engine'
import { createRunWorld } from '#server/services/checks/run-world'
import type { CheckId } from '#shared/schemas/checks'
import { createAuthority, type CertificateAuthority, type Minted } from '../helpers/certificates'
import { DOMAIN, MAIL_HOST, targetOf } from '../helpers/check-facts'
import { startTcpServer, startTlsServer, type TestServer } from '../helpers/tls-server'
import { dnsWorld, stubDns } from '../reasons/contract'

const HOST = `mail.${DOMAIN}`
const WEB: CheckId[] = ['nginx_vhost', 'cert_le', 'webmail_http']
const servers: TestServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})
const keep = (server: TestServer) => (servers.push(server), server)

let authority: CertificateAuthority
let good: Minted
beforeAll(async () => {
  authority = await createAuthority()
  good = await authority.mint({ names: [HOST] })
})

/** Answers each request on a connection by its path. */
const answering = (reply: (path: string, socket: Socket) => void) => (socket: Socket) =>
  socket.on('data', (data) => reply(/^GET (\S+)/.exec(data.toString())?.[1] ?? '', socket))
const redirect = (location: string) => `HTTP/1.1 302 Found\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`
/** Writes the same for ever, as fast as it is taken, or a piece a tick. */
function pour(socket: Socket, piece: Buffer | string, everyMs?: number) {
  if (everyMs !== undefined) {
    const drip = setInterval(() => socket.write(piece), everyMs)
    return void socket.on('close', () => clearInterval(drip))
  }
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  }
  socket.on('drain', more)
  more()
}

/** What the three checks of the web say of a server, and the octets of what they keep. */
async function verdicts(server: TestServer) {
  const http = createHttpClient({ allowNets: [], extraCa: [authority.cert] })
  const dns = stubDns({ [`A ${HOST}`]: [server.host], 'A inner.example': ['127.0.0.1'] })
  const mailHost = {
    ...{ ...MAIL_HOST, frontends: [`${server.host}:${server.port}`] },
    webmail: { ...MAIL_HOST.webmail, port: server.port, httpPort: server.port },
  }
  const parts = { ...dnsWorld(dns), http, now: Date.now, lagMs: () => 0, canary: () => true }
  const outcomes = await runChecks(createRunWorld(parts), targetOf({ mailHost }), { only: WEB })
  await server.idle()
  return {
    ...Object.fromEntries(outcomes.map(({ checkId, status, reason }) => [checkId, `${status} ${reason}`])),
    octets: JSON.stringify(outcomes).length,
  }
}

const served = (onConnection: (socket: Socket) => void, minted = good) =>
  startTlsServer(minted, onConnection).then(keep).then(verdicts)

const SILENT = { nginx_vhost: 'fail no-answer', cert_le: 'pass ok', webmail_http: 'fail no-answer' }

describe('a hostile web server', () => {
  it('that stalls in the middle of the handshake is not waited for', async () => {
    // The head of a ServerHello, and nothing after it.
    const server = keep(
      await startTcpServer((socket) => socket.once('data', () => socket.write(Buffer.from([22, 3, 3, 0, 122, 2, 0, 0])))),
    )
    expect(await verdicts(server)).toMatchObject({ ...SILENT, cert_le: 'unknown timeout' })
  })

  it.each<[string, (socket: Socket) => void]>([
    ['says nothing once it is asked', () => {}],
    ['drips its headers', (socket) => (socket.write('HTTP/1.1 200 OK\r\nx-a: '), pour(socket, 'x', 200))],
    ['drips its body', (socket) => (socket.write('HTTP/1.1 200 OK\r\n\r\n'), pour(socket, 'x', 200))],
    ['never ends its headers', (socket) => (socket.write('HTTP/1.1 200 OK\r\n'), pour(socket, `x-a: ${'x'.repeat(1_000)}\r\n`))],
  ])('that %s has no answer, and its certificate is judged all the same', async (_, onConnection) => {
    expect(await served(onConnection)).toMatchObject(SILENT)
  })

  it.each<[string, (socket: Socket) => void]>([
    [
      'an endless body',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        pour(socket, Buffer.alloc(65_536, 'x'))
      },
    ],
    [
      'a packed body that would grow a thousandfold',
      (socket) => {
        const bomb = gzipSync(Buffer.alloc(50 << 20))
        socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`)
        socket.write(bomb)
      },
    ],
  ])('with %s shows another page, of which nothing is kept', async (_, onConnection) => {
    const seen = await served(answering((_path, socket) => onConnection(socket)))
    expect(seen).toMatchObject({ nginx_vhost: 'fail default-vhost', cert_le: 'pass ok', webmail_http: 'fail wrong-content' })
    expect(seen.octets).toBeLessThan(20_000)
  })

  it.each<[string, (path: string) => string, string]>([
    ['in a circle', (path) => redirect(path === '/' ? '/a' : '/'), 'fail redirect-loop'],
    ['on and on', (path) => redirect(`${path}a`), 'fail redirect-loop'],
    ['on and on by queries', (path) => redirect(`/?${path.length}`), 'fail redirect-loop'],
    ['back to plain HTTP', () => redirect(`http://${HOST}/`), 'fail redirect-to-http'],
    ['to an inner address', () => redirect('https://inner.example/'), 'unknown blocked-address'],
    ['to the metadata service', () => redirect('https://169.254.169.254/'), 'fail redirect-unresolved'],
    ['to another port of its own host', () => redirect(`https://${HOST}:1/`), 'unknown blocked-address'],
  ])('that sends visitors %s', async (_, answer, verdict) => {
    expect(await served(answering((path, socket) => socket.write(answer(path))))).toMatchObject({ webmail_http: verdict })
  })

  it('with a certificate of 3,000 names is judged by the one that counts', async () => {
    const names = [...Array.from({ length: 3_000 }, (_, i) => `host-${i}.example.org`), HOST]
    const login = 'HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n<main id="our-login">'
    const seen = await served(
      answering((_path, socket) => socket.write(login)),
      await authority.mint({ names }),
    )
    expect(seen).toMatchObject({ cert_le: 'pass ok' })
    expect(seen.octets).toBeLessThan(20_000)
  })
})
