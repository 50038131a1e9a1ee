import type { Socket } from 'node:net'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createHttpClient } from '#server/platform/http/http-client'
import type { HttpTarget } from '#server/platform/http/types'
import { createAuthority, mintSelfSigned, type CertificateAuthority } from '../helpers/certificates'
import { answerWith, startTcpServer, startTlsServer, type TestServer } from '../helpers/tls-server'

const servers: TestServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

let authority: CertificateAuthority
let client: ReturnType<typeof createHttpClient>
beforeAll(async () => {
  authority = await createAuthority()
  client = createHttpClient({ allowNets: ['127.0.0.0/8', '::1'], extraCa: [authority.cert] })
})

async function serve(onConnection: (socket: Socket) => void, host?: string) {
  const server = await startTcpServer(onConnection, host)
  servers.push(server)
  return server
}

async function serveTls(minted: Awaited<ReturnType<typeof mintSelfSigned>>, onConnection: (socket: Socket) => void) {
  const server = await startTlsServer(minted, onConnection)
  servers.push(server)
  return server
}

type Target = Partial<HttpTarget> & { path?: string; scheme?: string }
const get = (server: TestServer, { path = '/', scheme = 'http', ...target }: Target = {}) =>
  client.request({
    ...{ url: new URL(`${scheme}://web.example:${server.port}${path}`), address: server.host, timeoutMs: 5_000, verifyTls: true },
    ...target,
  })

const ok = (body: string, headers = '') =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`

describe('an exchange', () => {
  it('sends the host of the URL to the given address and returns what came', async () => {
    let request = ''
    const server = await serve((socket) => {
      socket.once('data', (data) => {
        request = data.toString()
        socket.end(ok('grüezi', 'set-cookie: a=1\r\nset-cookie: b=2\r\nX-Marker: yes\r\n'))
      })
    })
    const result = await get(server, { path: '/a/b?c=d', headers: { 'x-probe': '1' } })
    expect(result).toMatchObject({ ok: true, status: 200, body: 'grüezi', truncated: false, address: '127.0.0.1' })
    expect(result.ok && result.headers).toMatchObject({ 'set-cookie': 'a=1, b=2', 'x-marker': 'yes' })
    expect(result.tls).toBeUndefined()
    expect(request).toMatch(/^GET \/a\/b\?c=d HTTP\/1\.1\r\nhost: web\.example:\d+\r\n/)
    expect(request).toContain('x-probe: 1')
    await server.idle()
  })

  it('posts a body', async () => {
    let request = ''
    const server = await serve((socket) => {
      socket.on('data', (data) => {
        request += data.toString()
        if (request.endsWith('{"a":1}')) socket.end(ok(''))
      })
    })
    expect(await get(server, { method: 'POST', body: '{"a":1}' })).toMatchObject({ ok: true, status: 200 })
    expect(request).toMatch(/^POST \/ [\s\S]*content-length: 7/)
  })

  it('does not follow a redirect', async () => {
    const server = await serve(answerWith('HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/inner\r\ncontent-length: 0\r\n\r\n'))
    const result = await get(server)
    expect(result).toMatchObject({ ok: true, status: 302, headers: { location: 'http://127.0.0.1/inner' } })
    expect(server.connections()).toBe(1)
  })

  it('reaches an IPv6 address', async () => {
    const server = await serve(answerWith(ok('six')), '::1')
    expect(await get(server)).toMatchObject({ ok: true, body: 'six', address: '::1' })
  })

  it('survives bytes that are not UTF-8', async () => {
    const head = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n')
    const server = await serve((socket) =>
      socket.once('data', () => socket.end(Buffer.concat([head, Buffer.from([0xff, 0xfe, 0x41])]))),
    )
    expect(await get(server)).toMatchObject({ ok: true, body: '\ufffd\ufffdA' })
  })
})

describe('limits', () => {
  const endless = (socket: Socket) => {
    const chunk = 'x'.repeat(16_384)
    const pump = () => {
      while (!socket.destroyed && socket.write(chunk));
    }
    socket.on('drain', pump)
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      pump()
    })
  }

  it('reads an endless body up to the limit and hangs up', async () => {
    const server = await serve(endless)
    const result = await get(server, { maxBodyBytes: 100_000 })
    expect(result).toMatchObject({ ok: true, truncated: true })
    expect(result.ok && result.body).toHaveLength(100_000)
    await server.idle()
  })

  it('takes a body of exactly the limit whole', async () => {
    const server = await serve(answerWith(ok('x'.repeat(1_000))))
    expect(await get(server, { maxBodyBytes: 1_000 })).toMatchObject({ ok: true, truncated: false })
  })

  it.each<[string, string]>([
    ['before anything', ''],
    ['inside the headers', 'HTTP/1.1 200 OK\r\nx-a: '],
    ['inside the body', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'],
  ])('times out on a server that stalls %s', async (_where, sent) => {
    const server = await serve((socket) => socket.write(sent))
    expect(await get(server, { timeoutMs: 200 })).toMatchObject({ ok: false, fault: 'timeout' })
    await server.idle()
  })

  it.each(['HTTP/1.1 200 OK\r\nx-a: ', 'HTTP/1.1 200 OK\r\n\r\n'])('bounds a server that drips for ever (%#)', async (head) => {
    const server = await serve((socket) => {
      socket.write(head)
      const drip = setInterval(() => socket.write('x'), 20)
      socket.on('close', () => clearInterval(drip))
    })
    expect(await get(server, { timeoutMs: 300 })).toMatchObject({ ok: false, fault: 'timeout' })
    await server.idle()
  })

  it.each([`x-big: ${'x'.repeat(100_000)}\r\n`, `x-many: ${'y'.repeat(100)}\r\n`.repeat(2_000)])(
    'refuses huge headers (%#)',
    async (headers) => {
      const server = await serve(answerWith(ok('', headers)))
      expect(await get(server)).toMatchObject({ ok: false, fault: 'protocol' })
      await server.idle()
    },
  )

  it('stops when the caller gives up', async () => {
    const giveUp = new AbortController()
    const server = await serve((socket) => socket.once('data', () => giveUp.abort()))
    expect(await get(server, { timeoutMs: 60_000, signal: giveUp.signal })).toMatchObject({ ok: false, fault: 'timeout' })
    await server.idle()
  })
})

describe('faults', () => {
  it('is refused by a closed port', async () => {
    const server = await startTcpServer(() => {})
    await server.close()
    expect(await get(server)).toMatchObject({ ok: false, fault: 'refused' })
  })

  it.each<[string, string, string]>([
    ['garbage', 'protocol', 'this is no HTTP\r\n\r\n'],
    ['a body cut short', 'reset', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'],
    ['two lengths', 'protocol', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
  ])('names %s a fault of %s', async (_what, fault, reply) => {
    const server = await serve(answerWith(reply))
    expect(await get(server)).toMatchObject({ ok: false, fault })
    await server.idle()
  })

  it.each<[string, (socket: Socket) => void]>([
    ['at once', (socket) => socket.destroy()],
    ['after the request', (socket) => socket.once('data', () => socket.destroy())],
    ['with a reset', (socket) => socket.once('data', () => socket.resetAndDestroy())],
  ])('says reset when the peer hangs up %s', async (_when, onConnection) => {
    const server = await serve(onConnection)
    expect(await get(server)).toMatchObject({ ok: false, fault: 'reset' })
    expect(server.connections()).toBe(1)
  })

  it('does not connect to a blocked address, nor for another scheme', async () => {
    const server = await serve(answerWith(ok('secret')))
    const guarded = createHttpClient({ allowNets: [] })
    const target = { url: new URL(`http://web.example:${server.port}/`), address: server.host, timeoutMs: 1_000, verifyTls: true }
    expect(await guarded.request(target)).toMatchObject({ ok: false, fault: 'blocked-address' })
    expect(await guarded.request({ ...target, address: '127.1' })).toMatchObject({ ok: false, fault: 'blocked-address' })
    expect(await client.request({ ...target, url: new URL('ftp://web.example/') })).toMatchObject({
      ok: false,
      fault: 'protocol',
    })
    expect(server.connections()).toBe(0)
    expect(await guarded.request({ ...target, ownAddresses: [server.host] })).toMatchObject({ ok: true, body: 'secret' })
  })

  it('does not let a header smuggle another one in', async () => {
    const server = await serve(answerWith(ok('')))
    expect(await get(server, { headers: { 'x-a': 'b\r\nx-evil: 1' } })).toMatchObject({ ok: false, fault: 'protocol' })
  })
})

describe('over TLS', () => {
  it('sends nothing to a peer whose certificate is not good, and says what is wrong with it', async () => {
    let heard = ''
    const minted = await authority.mint({ names: ['other.example'] })
    const server = await serveTls(minted, (socket) => socket.on('data', (data) => (heard += data.toString())))
    const result = await get(server, { scheme: 'https', headers: { authorization: 'Bearer canary' } })
    expect(result).toMatchObject({ ok: false, fault: 'tls-invalid', tls: { trustError: null, nameMatches: false } })
    await server.idle()
    expect(heard).toBe('')
  })

  it('goes on with such a certificate when that is asked for', async () => {
    const server = await serveTls(await mintSelfSigned({ names: ['web.example'] }), answerWith(ok('hello')))
    const result = await get(server, { scheme: 'https', verifyTls: false })
    expect(result).toMatchObject({
      ok: true,
      body: 'hello',
      tls: { trustError: 'DEPTH_ZERO_SELF_SIGNED_CERT', nameMatches: true },
    })
  })

  it('talks to a peer with a good certificate', async () => {
    const server = await serveTls(await authority.mint({ names: ['web.example'] }), answerWith(ok('hi')))
    expect(await get(server, { scheme: 'https' })).toMatchObject({
      ok: true,
      body: 'hi',
      tls: { trustError: null, nameMatches: true },
    })
    await server.idle()
  })

  it('trusts no root beyond the usual ones unless it is told to', async () => {
    const server = await serveTls(await authority.mint({ names: ['web.example'] }), answerWith(ok('hi')))
    const plain = createHttpClient({ allowNets: ['127.0.0.0/8'] })
    const target = {
      url: new URL(`https://web.example:${server.port}/`),
      address: server.host,
      timeoutMs: 5_000,
      verifyTls: true,
    }
    expect(await plain.request(target)).toMatchObject({ ok: false, fault: 'tls-invalid' })
  })

  it('says not-tls when the peer speaks plain HTTP', async () => {
    const server = await serve(answerWith('HTTP/1.1 400 Bad Request\r\n\r\n'))
    expect(await get(server, { scheme: 'https' })).toMatchObject({ ok: false, fault: 'not-tls' })
  })

  it('leaves no connection behind after a hundred exchanges side by side', async () => {
    const server = await serveTls(await authority.mint({ names: ['web.example'] }), answerWith(ok('hi')))
    const results = await Promise.all(Array.from({ length: 100 }, () => get(server, { scheme: 'https' })))
    expect(results.every((result) => result.ok)).toBe(true)
    await server.idle()
    expect(server.open()).toBe(0)
  })
})

describe('a connection that is kept', () => {
  /** Answers each request with the number of its connection. */
  async function serveNumbered(afterAnswer: (socket: Socket) => void = () => {}) {
    let connections = 0
    return serve((socket) => {
      const number = ++connections
      socket.on('data', () => socket.write(ok(String(number)), () => afterAnswer(socket)))
    })
  }
  const bodyOf = async (server: TestServer, target: Target) => {
    const result = await get(server, target)
    return result.ok ? result.body : result.fault
  }

  it('serves the next request that allows it, and no other', async () => {
    const server = await serveNumbered()
    expect(await bodyOf(server, { keep: true })).toBe('1')
    expect(await bodyOf(server, { keep: true, path: '/next' })).toBe('1')
    expect(await bodyOf(server, {})).toBe('2')
    expect(await bodyOf(server, { keep: true, ownAddresses: ['127.0.0.1'] })).toBe('3')
    expect(await bodyOf(server, { keep: true })).toBe('1')
  })

  it('serves one request at a time', async () => {
    const server = await serveNumbered()
    const bodies = await Promise.all([1, 2, 3].map(() => bodyOf(server, { keep: true })))
    expect(bodies.sort()).toEqual(['1', '2', '3'])
  })

  it('may end at any time: the request is sent once more, on a new one', async () => {
    const server = await serveNumbered((socket) => socket.destroy())
    expect(await bodyOf(server, { keep: true })).toBe('1')
    expect(await bodyOf(server, { keep: true })).toBe('2')
  })

  it('is none when the answer was too long to be read', async () => {
    const server = await serveNumbered()
    expect((await get(server, { keep: true, maxBodyBytes: 0 })).ok).toBe(true)
    expect(await bodyOf(server, { keep: true })).toBe('2')
  })

  it('serves nobody who wants a good certificate, when it has none', async () => {
    const server = await serveTls(await mintSelfSigned({ names: ['web.example'] }), (socket) => {
      socket.on('data', () => socket.write(ok('secret')))
    })
    const target = { scheme: 'https', keep: true }
    expect(await bodyOf(server, { ...target, verifyTls: false })).toBe('secret')
    expect(await bodyOf(server, { ...target, verifyTls: true })).toBe('tls-invalid')
  })
})
