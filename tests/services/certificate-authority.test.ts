import type { Socket } from 'node:net'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createHttpClient } from '#server/platform/http/http-client'
import type { CheckWorld } from '#server/services/checks/collectors/contract'
import { certLe } from '#server/services/checks/collectors/cert-le'
import { certificateId, lookAtRenewal } from '#server/services/checks/collectors/renewal-info'
import { lookAtRevocation } from '#server/services/checks/collectors/revocation'
import { createRunWorld } from '#server/services/checks/run-world'
import { createAuthority, type CertificateAuthority, type Minted, type MintOptions } from '../helpers/certificates'
import { certificateOf, MAIL_HOST, NOW, targetOf } from '../helpers/check-facts'
import { startTcpServer, startTlsServer, type TestServer } from '../helpers/tls-server'
import { dnsWorld, stubDns } from '../reasons/contract'

const HOST = 'mail.example.org'
const HOUR_MS = 3_600_000
const servers: TestServer[] = []
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
  await Promise.all(servers.splice(0).map((server) => server.close()))
})
const keep = (server: TestServer) => (servers.push(server), server)

let root: CertificateAuthority
let issuer: CertificateAuthority
beforeAll(async () => {
  root = await createAuthority('Root, O=Test Authority')
  issuer = await root.intermediate()
})

const binary = (octets: Buffer) => (socket: Socket) =>
  socket.once('data', () => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${octets.length}\r\n\r\n`)
    socket.end(octets)
  })

/** A world with real connections whose clock is the test's, and a cycle that can be begun anew. */
function worldAt(clock: { now: number }, allowNets = ['127.0.0.0/8']) {
  const http = createHttpClient({ allowNets, extraCa: [root.cert] })
  const dns = stubDns({ [`A ${HOST}`]: ['127.0.0.1'], 'A crl.example': ['127.0.0.1'], 'A acme.example': ['127.0.0.1'] })
  const visit = http.visit()
  closing.push(() => visit.close())
  const base = dnsWorld(dns)
  const begin = (memory = base.memory): CheckWorld => {
    const canary = { name: '.', type: 'NS' } as const
    const parts = { ...base, http, now: () => clock.now, lagMs: () => 0, canary, memory }
    return { ...createRunWorld(parts), visit, signal: base.signal }
  }
  return begin
}

async function peerOf(minted: Minted, world: CheckWorld) {
  const server = keep(await startTlsServer(minted))
  const shown = await world.visit.handshake({
    url: new URL(`https://${HOST}:${server.port}`),
    address: server.host,
    timeoutMs: 5_000,
  })
  if (!shown.ok) throw new Error(shown.fault)
  return shown.peer
}

/** A server of one list, and a certificate that names it. */
async function listed(make: (minted: Minted) => Promise<Buffer>, more: Partial<MintOptions> = {}) {
  let list: Buffer = Buffer.alloc(0)
  const server = keep(await startTcpServer((socket) => binary(list)(socket)))
  const minted = await issuer.mint({ names: [HOST], crlUrl: `http://crl.example:${server.port}/1.crl`, ...more })
  list = await make(minted)
  return { server, minted }
}

describe('the list of revoked certificates', () => {
  it('fails a certificate that is on it, through the whole check', async () => {
    const { minted } = await listed((one) => issuer.revocationList([one.serialNumber]))
    const web = keep(await startTlsServer(minted))
    const world = worldAt({ now: Date.now() })()
    const target = targetOf({ mailHost: { ...MAIL_HOST, webmail: { ...MAIL_HOST.webmail, port: web.port } } })
    const verdict = certLe.evaluate(await certLe.collect(world, target), target, Date.now())
    expect(verdict).toMatchObject({ status: 'fail', reason: 'revoked' })
  })

  it('passes one that is not, and is fetched once for many', async () => {
    const { minted, server } = await listed(() => issuer.revocationList(['0102', 'ff']))
    const clock = { now: Date.now() }
    const begin = worldAt(clock)
    const world = begin()
    const peer = await peerOf(minted, world)
    const other = { ...peer, fingerprint256: 'another of the same authority' }
    const looks = await Promise.all([peer, peer, other].map((one) => lookAtRevocation(world, one)))
    expect(looks).toEqual(Array(3).fill({ url: expect.stringContaining('crl.example'), outcome: 'read', revokedAt: null }))
    expect(server.connections()).toBe(1)
    await lookAtRevocation(begin(), peer)
    expect(server.connections()).toBe(1)
    clock.now += 13 * HOUR_MS
    await lookAtRevocation(begin(), peer)
    expect(server.connections()).toBe(2)
  })

  it.each<[string, () => Promise<Buffer>, string]>([
    [
      'signed by somebody else',
      async () => (await (await createAuthority('Other')).intermediate()).revocationList([]),
      'not a list',
    ],
    ['that is no list', () => Promise.resolve(Buffer.from('<html>')), 'not a list'],
    ['of 10 MB', () => Promise.resolve(Buffer.alloc(10 << 20)), 'too big'],
  ])('does not believe one %s', async (_, make, outcome) => {
    const { minted } = await listed(make)
    const world = worldAt({ now: Date.now() })()
    const look = await lookAtRevocation(world, await peerOf(minted, world))
    expect(look).toMatchObject({ outcome: expect.stringContaining(outcome), revokedAt: null })
  })

  it('is not fetched from an inner address', async () => {
    const { minted, server } = await listed(() => issuer.revocationList([]))
    const peer = await peerOf(minted, worldAt({ now: Date.now() })())
    const guarded = worldAt({ now: Date.now() }, [])()
    expect(await lookAtRevocation(guarded, peer)).toMatchObject({ outcome: 'blocked-address' })
    expect(server.connections()).toBe(0)
  })

  it('is not asked for a certificate that names none, nor for one that is not trusted', async () => {
    const world = worldAt({ now: NOW })()
    expect(await lookAtRevocation(world, certificateOf())).toBeNull()
    expect(await lookAtRevocation(world, certificateOf({ trustError: 'X', crlUrls: ['http://crl.example/'] }))).toBeNull()
  })
})

describe('renewal information', () => {
  /** An authority's ACME server: a directory, and an answer to everything else. */
  async function acme(answer: object, status = 200) {
    const asked: string[] = []
    const own = await root.mint({ names: ['acme.example'] })
    const server: TestServer = keep(
      await startTlsServer(own, (socket) =>
        socket.once('data', (data) => {
          const path = /^GET (\S+)/.exec(data.toString())?.[1] ?? ''
          asked.push(path)
          const body = JSON.stringify(path === '/directory' ? { renewalInfo: `https://acme.example:${server.port}/ari` } : answer)
          socket.end(`HTTP/1.1 ${path === '/directory' ? 200 : status} X\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
        }),
      ),
    )
    return { asked, directories: { 'Test Authority': `https://acme.example:${server.port}/directory` } }
  }
  const window = { suggestedWindow: { start: '2026-05-01T00:00:00Z', end: '2026-05-02T00:00:00Z' } }
  const peer = certificateOf({ issuer: 'CN=R1, O=Test Authority', authorityKeyId: '69885b6b8746404160', serialNumber: '8765432' })

  it('is asked by the identifier of the certificate, twice a day at most', async () => {
    const { asked, directories } = await acme({ ...window, explanationURL: 'https://authority.example/why' })
    const clock = { now: NOW }
    const begin = worldAt(clock)
    const look = () => lookAtRenewal(begin(), peer, directories)
    const told = { windowEnd: Date.parse('2026-05-02T00:00:00Z'), explanation: 'https://authority.example/why' }
    expect([await look(), await look()]).toEqual([told, told])
    expect(asked).toEqual(['/directory', `/ari/${certificateId(peer)}`])
    clock.now += 12 * HOUR_MS
    await look()
    expect(asked).toHaveLength(4)
  })

  it.each<[string, object, number]>([
    ['is not found', {}, 404],
    ['is no answer of this kind', { suggestedWindow: { start: 'soon' } }, 200],
  ])('is silent where it %s, and not asked again at once', async (_, answer, status) => {
    const { asked, directories } = await acme(answer, status)
    const begin = worldAt({ now: NOW })
    expect(await lookAtRenewal(begin(), peer, directories)).toBeNull()
    expect(await lookAtRenewal(begin(), peer, directories)).toBeNull()
    expect(asked).toHaveLength(2)
  })

  it('is not asked of an authority that gives none, nor at an inner address', async () => {
    const { asked, directories } = await acme(window)
    expect(await lookAtRenewal(worldAt({ now: NOW })(), certificateOf(), directories)).toBeNull()
    expect(await lookAtRenewal(worldAt({ now: NOW }, [])(), peer, directories)).toBeNull()
    expect(asked).toEqual([])
  })

  it('identifies a certificate as RFC 9773 §4.1 does in its example', () => {
    expect(
      certificateId(certificateOf({ authorityKeyId: '69885b6b87464041e1b37b847bd0ae2cde01c8d4', serialNumber: '87654321' })),
    ).toBe('aYhba4dGQEHhs3uEe9CuLN4ByNQ.AIdlQyE')
  })
})
