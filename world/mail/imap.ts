import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, TLSSocket } from 'node:tls'
import type { MailTls } from './tls'

export interface ImapOptions extends MailTls {
  implicitTls: boolean
  /** Takes passwords before TLS. */
  loginInClear: boolean
}

/** Just enough of an IMAP server to be looked at: greeting, CAPABILITY, STARTTLS, LOGOUT. */
export function imapServer(options: ImapOptions): Server {
  const secured = (socket: Socket) => converse(socket, options, true)
  const server = options.implicitTls
    ? createTlsServer({ ...options.tls }, secured)
    : createServer((socket) => converse(socket, options, false))
  server.on('tlsClientError', () => undefined)
  return server
}

function converse(socket: Socket, options: ImapOptions, secure: boolean) {
  const capabilities = secure ? 'AUTH=PLAIN' : options.loginInClear ? 'STARTTLS AUTH=PLAIN' : 'STARTTLS LOGINDISABLED'
  socket.on('error', () => socket.destroy())
  socket.on('data', function onData(chunk: Buffer) {
    const [tag = '*', verb = ''] = chunk.toString('latin1').trim().split(' ')
    if (verb === 'CAPABILITY') socket.write(`* CAPABILITY IMAP4rev1 ${capabilities}\r\n${tag} OK done\r\n`)
    else if (verb === 'LOGOUT') socket.end(`* BYE bye\r\n${tag} OK done\r\n`)
    else if (verb === 'STARTTLS' && !secure) {
      socket.off('data', onData).write(`${tag} OK begin TLS\r\n`)
      const upgraded = new TLSSocket(socket, { isServer: true, ...options.tls })
      upgraded.on('secure', () => converse(upgraded, options, true)).on('error', () => upgraded.destroy())
    } else socket.write(`${tag} BAD what\r\n`)
  })
  if (!(secure && !options.implicitTls)) socket.write('* OK IMAP ready\r\n')
}
