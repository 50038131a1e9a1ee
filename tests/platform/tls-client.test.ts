import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTlsClient } from '#server/platform/http/tls-client'
import type { TlsTarget } from '#server/platform/http/types'
import { createAuthority, mintSelfSigned, type CertificateAuthority } from '../helpers/certificates'
import { startTcpServer, startTlsServer, type TestServer } from '../helpers/tls-server'

const DAY_MS = 86_400_000
const servers: TestServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

let authority: CertificateAuthority
beforeAll(async () => {
  authority = await createAuthority()
})

const use = async (starting: Promise<TestServer>) => {
  const server = await starting
  servers.push(server)
  return server
}
const client = () => createTlsClient({ allowNets: ['127.0.0.0/8'], extraCa: [authority.cert] })
const shake = ({ host: address, port }: TestServer, target: Partial<TlsTarget> = {}) =>
  client().handshake({ host: 'mail.example', address, port, timeoutMs: 5_000, ...target })

describe('a handshake', () => {
  it('describes a good certificate', async () => {
    const minted = await authority.mint({ names: ['mail.example', '127.0.0.1'] })
    const server = await use(startTlsServer(minted))
    const result = await shake(server)
    expect(result).toMatchObject({ ok: true, protocol: 'TLSv1.3', address: '127.0.0.1', port: server.port })
    expect(result.ok && result.peer).toMatchObject({
      ...{
        trustError: null,
        nameMatches: true,
        names: ['mail.example', '127.0.0.1'],
        issuer: 'CN=Test Root',
        subject: 'CN=mail.example',
      },
      ...{ keyType: 'ec', keyBits: 256, signatureAlgorithm: 'ECDSA-SHA256', chainLength: 1 },
    })
    await server.idle()
  })

  it('describes an RSA key and counts the certificates sent', async () => {
    const intermediate = await authority.intermediate()
    const server = await use(startTlsServer(await intermediate.mint({ names: ['mail.example'], keyType: 'rsa' })))
    const result = await shake(server)
    expect(result.ok && result.peer).toMatchObject({ trustError: null, keyType: 'rsa', keyBits: 2048, chainLength: 2 })
  })

  it('says so when the intermediate is missing', async () => {
    const intermediate = await authority.intermediate()
    const minted = await intermediate.mint({ names: ['mail.example'] })
    const result = await shake(await use(startTlsServer({ ...minted, chain: minted.cert })))
    expect(result.ok && result.peer).toMatchObject({ trustError: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', chainLength: 1 })
  })

  it.each([
    ['CERT_HAS_EXPIRED', { notBefore: new Date(Date.now() - 9 * DAY_MS), notAfter: new Date(Date.now() - 2 * DAY_MS) }],
    ['CERT_NOT_YET_VALID', { notBefore: new Date(Date.now() + 2 * DAY_MS), notAfter: new Date(Date.now() + 9 * DAY_MS) }],
  ])('tells %s', async (trustError, dates) => {
    const result = await shake(await use(startTlsServer(await authority.mint({ names: ['mail.example'], ...dates }))))
    const { notBefore, notAfter } = dates
    const whole = (date: Date) => Math.floor(date.getTime() / 1_000) * 1_000
    expect(result.ok && result.peer).toMatchObject({
      trustError,
      nameMatches: true,
      notBefore: whole(notBefore),
      notAfter: whole(notAfter),
    })
  })

  it('tells a self-signed certificate from an unknown root', async () => {
    const stranger = await createAuthority('Stranger')
    const selfSigned = await shake(await use(startTlsServer(await mintSelfSigned({ names: ['mail.example'] }))))
    const unknownRoot = await shake(await use(startTlsServer(await stranger.mint({ names: ['mail.example'] }))))
    expect(selfSigned.ok && selfSigned.peer.trustError).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    expect(unknownRoot.ok && unknownRoot.peer.trustError).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })

  it('judges the name apart from the trust, and never by the common name', async () => {
    const server = await use(startTlsServer(await authority.mint({ names: ['other.example'], commonName: 'mail.example' })))
    const result = await shake(server)
    expect(result.ok && result.peer).toMatchObject({ trustError: null, nameMatches: false, subject: 'CN=mail.example' })
  })

  it('sends the host as SNI, and none for an IP', async () => {
    const seen: unknown[] = []
    const server = await use(
      startTlsServer(await authority.mint({ names: ['mail.example', '127.0.0.1'] }), (socket) => seen.push(socket.servername)),
    )
    await shake(server)
    const byIp = await shake(server, { host: '127.0.0.1' })
    expect(byIp.ok && byIp.peer.nameMatches).toBe(true)
    await server.idle()
    expect(seen).toEqual(['mail.example', false])
  })
})

describe('a handshake that fails', () => {
  it('is refused by a closed port', async () => {
    const server = await startTcpServer(() => {})
    await server.close()
    expect(await shake(server)).toMatchObject({ ok: false, fault: 'refused' })
  })

  it('times out when the peer is silent, and leaves no connection behind', async () => {
    const server = await use(startTcpServer(() => {}))
    expect(await shake(server, { timeoutMs: 100 })).toMatchObject({ ok: false, fault: 'timeout' })
    await server.idle()
  })

  it('stops when the caller gives up', async () => {
    const giveUp = new AbortController()
    const server = await use(startTcpServer(() => giveUp.abort()))
    expect(await shake(server, { timeoutMs: 60_000, signal: giveUp.signal })).toMatchObject({ ok: false, fault: 'timeout' })
    await server.idle()
    expect(await shake(server, { signal: AbortSignal.abort() })).toMatchObject({ ok: false, fault: 'timeout' })
  })

  it.each([
    '220 mail.example ESMTP ready\r\n',
    'HTTP/1.1 400 Bad Request\r\n\r\n',
    '\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09',
    'x'.repeat(20_000),
  ])('says not-tls when the peer speaks something else (%#)', async (greeting) => {
    const server = await use(startTcpServer((socket) => socket.end(greeting)))
    expect(await shake(server)).toMatchObject({ ok: false, fault: 'not-tls' })
  })

  it('says reset when the peer hangs up', async () => {
    const server = await use(startTcpServer((socket) => socket.destroy()))
    expect(await shake(server)).toMatchObject({ ok: false, fault: 'reset' })
  })

  it.each([
    ['handshake_failure', 40],
    ['protocol_version', 70],
    ['internal_error', 80],
  ])('says tls-alert for %s', async (_name, alert) => {
    const server = await use(
      startTcpServer((socket) => socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, alert])))),
    )
    expect(await shake(server)).toMatchObject({ ok: false, fault: 'tls-alert' })
  })

  it('tells the alert of a server that knows no such name from the others', async () => {
    const server = await use(
      startTcpServer((socket) => socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 112])))),
    )
    expect(await shake(server)).toMatchObject({ ok: false, fault: 'unrecognized-name' })
  })

  it('says tls-alert when a real server knows no such name', async () => {
    const minted = await authority.mint({ names: ['mail.example'] })
    const refuseName = { SNICallback: (_name: string, done: (error: Error) => void) => done(new Error('unknown name')) }
    const server = await use(startTlsServer(minted, undefined, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }))
    expect(await shake(server)).toMatchObject({ ok: false, fault: 'tls-alert' })
    const hangsUp = await use(startTlsServer(minted, undefined, refuseName))
    expect(await shake(hangsUp)).toMatchObject({ ok: false, fault: 'reset' })
  })

  it('does not connect to a blocked address', async () => {
    const server = await use(startTcpServer(() => {}))
    const guarded = createTlsClient({ allowNets: [] })
    const target = { host: 'mail.example', address: server.host, port: server.port, timeoutMs: 1_000 }
    expect(await guarded.handshake(target)).toMatchObject({ ok: false, fault: 'blocked-address' })
    expect(await guarded.handshake({ ...target, address: 'localhost' })).toMatchObject({ ok: false, fault: 'blocked-address' })
    expect(server.connections()).toBe(0)
    await guarded.handshake({ ...target, timeoutMs: 50, ownAddresses: [server.host] })
    expect(server.connections()).toBe(1)
  })
})
