import type { Socket } from 'node:net'
import { TLSSocket, createSecureContext } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createMailClient } from '#server/platform/mail/mail-client'
import type { MailTarget } from '#server/platform/mail/types'
import { createAuthority, type CertificateAuthority, type Minted } from '../helpers/certificates'
import { startTcpServer, startTlsServer, type TestServer } from '../helpers/tls-server'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

let authority: CertificateAuthority
let minted: Minted
beforeAll(async () => {
  authority = await createAuthority()
  minted = await authority.mint({ names: ['mx.example'] })
})

async function use(starting: Promise<TestServer>): Promise<TestServer> {
  const server = await starting
  closing.push(() => server.close())
  return server
}

/** A whole SMTP server that is not ours. */
async function startSmtp(options: ConstructorParameters<typeof SMTPServer>[0] = {}): Promise<Pick<TestServer, 'host' | 'port'>> {
  const server = new SMTPServer({
    name: 'mx.example',
    cert: minted.chain,
    key: minted.key,
    disableReverseLookup: true,
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  return { host: '127.0.0.1', port: (server.server.address() as { port: number }).port }
}

/** A server by hand: a greeting, then an answer to each line; the answer to STARTTLS may be followed by a handshake. */
function script(greeting: string, answers: Record<string, string>, thenTls = false) {
  return (socket: Socket) => {
    socket.write(greeting)
    socket.on('data', (chunk: Buffer) => {
      const line = chunk.toString('latin1').trim()
      const answer = Object.entries(answers).find(([command]) => line.includes(command))?.[1]
      if (answer === undefined) return
      socket.write(answer)
      if (thenTls && line.includes('STARTTLS')) startTlsOn(socket, answers)
    })
  }
}

function startTlsOn(socket: Socket, answers: Record<string, string>) {
  socket.removeAllListeners('data')
  const secured = new TLSSocket(socket, {
    isServer: true,
    secureContext: createSecureContext({ cert: minted.chain, key: minted.key }),
  })
  secured.on('error', () => {})
  secured.on('data', (chunk: Buffer) => {
    const answer = Object.entries(answers).find(([command]) => chunk.includes(command))?.[1]
    if (answer !== undefined) secured.write(answer)
  })
}

const client = (allowNets = ['127.0.0.0/8']) => createMailClient({ allowNets, extraCa: [authority.cert], helo: 'vigia.example' })
const look = ({ host: address, port }: Pick<TestServer, 'host' | 'port'>, target: Partial<MailTarget> = {}) =>
  client().look({ protocol: 'smtp', security: 'starttls', host: 'mx.example', address, port, timeoutMs: 5_000, ...target })

describe('a mail server that is well', () => {
  it('SMTP with STARTTLS: greeting, capabilities before and after, certificate', async () => {
    const seen = await look(await startSmtp({ disabledCommands: ['AUTH'] }))
    expect(seen).toMatchObject({
      ...{ stage: 'done', fault: null, startTls: 'accepted', name: 'mx.example', reply: null },
      tls: { protocol: 'TLSv1.3', peer: { trustError: null, nameMatches: true } },
    })
    expect(seen.greeting).toMatch(/^mx\.example ESMTP/)
    expect(seen.plain).toContain('STARTTLS')
    expect(seen.plain?.join()).not.toContain('AUTH')
    expect(seen.secured).toContain('PIPELINING')
    expect(seen.secured).not.toContain('STARTTLS')
  })

  it('SMTP without STARTTLS', async () => {
    const seen = await look(await startSmtp({ disabledCommands: ['STARTTLS'] }))
    expect(seen).toMatchObject({ stage: 'done', fault: null, startTls: 'absent', tls: null, secured: null })
  })

  it('submission that offers passwords before TLS', async () => {
    const seen = await look(await startSmtp())
    expect(seen.plain).toContain('AUTH LOGIN PLAIN')
  })

  it('submission with implicit TLS', async () => {
    const seen = await look(await startSmtp({ secure: true }), { security: 'implicit' })
    expect(seen).toMatchObject({ stage: 'done', fault: null, plain: null, startTls: null, tls: { protocol: 'TLSv1.3' } })
    expect(seen.secured).toContain('AUTH LOGIN PLAIN')
  })

  it('judges the certificate against the name that was asked for', async () => {
    const seen = await look(await startSmtp(), { host: 'other.example' })
    expect(seen.tls?.peer).toMatchObject({ trustError: null, nameMatches: false })
  })

  it('never sends mail', async () => {
    const commands: string[] = []
    const answers = { EHLO: '250-mx.example hello\r\n250 SIZE 1000\r\n', QUIT: '221 bye\r\n' }
    const said = (socket: Socket) => {
      socket.on('data', (chunk: Buffer) => commands.push(chunk.toString().trim()))
      script('220 mx.example\r\n', answers)(socket)
    }
    const server = await use(startTcpServer(said))
    await look(server)
    await server.idle()
    expect(commands).toEqual(['EHLO vigia.example', 'QUIT'])
  })

  it('IMAP with STARTTLS', async () => {
    const answers = {
      CAPABILITY: '* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\nv1 OK done\r\n',
      STARTTLS: 'v1 OK begin\r\n',
    }
    const server = await use(startTcpServer(script('* OK IMAP ready\r\n', answers, true)))
    expect(await look(server, { protocol: 'imap' })).toMatchObject({
      ...{ stage: 'done', fault: null, greeting: 'OK IMAP ready', startTls: 'accepted', name: null },
      ...{ plain: ['IMAP4REV1', 'STARTTLS', 'LOGINDISABLED'], tls: { peer: { trustError: null } } },
    })
  })

  it('IMAP with implicit TLS', async () => {
    const answers = { CAPABILITY: '* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nv1 OK done\r\n' }
    const server = await use(startTlsServer(minted, script('* OK IMAP ready\r\n', answers)))
    expect(await look(server, { protocol: 'imap', security: 'implicit' })).toMatchObject({
      ...{ stage: 'done', fault: null, secured: ['IMAP4REV1', 'AUTH=PLAIN'] },
    })
  })

  it('a server that speaks TLS 1.1 at most is told as such', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    const server = await use(startTlsServer(minted, script('220 mx.example\r\n', { EHLO: '250 mx.example\r\n' }), old))
    expect(await look(server, { security: 'implicit' })).toMatchObject({ stage: 'done', tls: { protocol: 'TLSv1.1' } })
  })
})

const EHLO_WITH_TLS = '250-mx.example\r\n250 STARTTLS\r\n'

describe('a mail server that is not', () => {
  it.each([
    ['a greeting that never ends', (socket: Socket) => flood(socket, 'x'.repeat(4_096)), 'greeting', 'flood'],
    ['a reply of endless lines', (socket: Socket) => flood(socket, '220-more\r\n'.repeat(20)), 'greeting', 'flood'],
    ['no greeting at all', () => {}, 'greeting', 'timeout'],
    ['a byte at a time', (socket: Socket) => drip(socket, '220 mx.example ESMTP '), 'greeting', 'timeout'],
    ['a refusal as greeting', (socket: Socket) => socket.write('554 5.7.1 go away\r\n'), 'greeting', 'declined'],
    ['another protocol', (socket: Socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), 'greeting', 'protocol'],
    ['a hang-up', (socket: Socket) => socket.destroy(), 'greeting', 'reset'],
    ['a hang-up in the middle of a line', (socket: Socket) => socket.end('220 mx.exa'), 'greeting', 'reset'],
    ['EHLO refused', script('220 mx\r\n', { EHLO: '550 not you\r\n' }), 'capabilities', 'declined'],
    ['capabilities without an end', script('220 mx\r\n', { EHLO: '250-SIZE\r\n'.repeat(500) }), 'capabilities', 'flood'],
    ['no TLS after STARTTLS', script('220 mx\r\n', { EHLO: EHLO_WITH_TLS, STARTTLS: '220 go\r\n' }), 'handshake', 'timeout'],
  ] as const)('%s', async (_, onConnection, stage, fault) => {
    const server = await use(startTcpServer(onConnection as (socket: Socket) => void))
    const timeoutMs = fault === 'timeout' ? 300 : 5_000
    expect(await look(server, { timeoutMs })).toMatchObject({ stage, fault, tls: null })
    await server.idle()
  })

  it.each([
    ['an IMAP greeting that says goodbye', '* BYE overloaded\r\n', {}, 'declined'],
    ['IMAP lines without an end', '* OK hello\r\n', { CAPABILITY: '* X\r\n'.repeat(200) }, 'flood'],
    ['an IMAP server that says BAD', '* OK hello\r\n', { CAPABILITY: 'v1 BAD what\r\n' }, 'declined'],
    ['SMTP where IMAP is expected', '220 mx.example\r\n', {}, 'protocol'],
  ])('%s', async (_, greeting, answers, fault) => {
    const server = await use(startTcpServer(script(greeting, answers as Record<string, string>)))
    expect(await look(server, { protocol: 'imap' })).toMatchObject({ fault })
  })

  it('more in clear after the answer to STARTTLS is told, and TLS is not begun', async () => {
    const answers = { EHLO: EHLO_WITH_TLS, STARTTLS: '220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n' }
    const server = await use(startTcpServer(script('220 mx\r\n', answers, true)))
    expect(await look(server)).toMatchObject({ startTls: 'injected', tls: null, secured: null, fault: null })
    await server.idle()
  })

  it('STARTTLS that is offered and then refused', async () => {
    const answers = { EHLO: EHLO_WITH_TLS, STARTTLS: '454 4.7.0 TLS not available\r\n' }
    const server = await use(startTcpServer(script('220 mx\r\n', answers)))
    expect(await look(server)).toMatchObject({ startTls: 'declined', reply: '454 4.7.0 TLS not available', tls: null })
  })

  it('what it says is made printable and short', async () => {
    const server = await use(startTcpServer((socket) => socket.write(`220 \x1b[31m${'é'.repeat(1_000)}\r\n`)))
    const { greeting } = await look(server, { timeoutMs: 300 })
    expect(greeting).toMatch(/^[\x20-\x7e]{300}$/)
  })

  it('a closed port refuses', async () => {
    const server = await startTcpServer(() => {})
    await server.close()
    expect(await look(server)).toMatchObject({ stage: 'connect', fault: 'refused' })
  })

  it("an inner address is not connected to, unless it is the mail host's own", async () => {
    const server = await use(startTcpServer((socket) => socket.destroy()))
    const target: MailTarget = {
      ...{ protocol: 'smtp', security: 'starttls', host: 'mx.example' },
      ...{ address: server.host, port: server.port, timeoutMs: 1_000 },
    }
    expect(await client([]).look(target)).toMatchObject({ stage: 'connect', fault: 'blocked-address' })
    expect(server.connections()).toBe(0)
    expect(await client([]).look({ ...target, ownAddresses: [server.host] })).toMatchObject({ fault: 'reset' })
  })
})

/** Writes for as long as the peer takes it. */
function flood(socket: Socket, text: string) {
  const more = () => {
    while (!socket.destroyed && socket.write(text)) continue
  }
  socket.on('drain', more)
  more()
}

function drip(socket: Socket, text: string) {
  let at = 0
  const timer = setInterval(() => socket.write(text[at++ % text.length]!), 20)
  socket.on('close', () => clearInterval(timer))
}
