import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls'
import type { Minted } from './certificates'

export interface TestServer {
  host: string
  port: number
  /** Connections made so far. */
  connections(): number
  /** Connections that are still open. */
  open(): number
  /** Resolves when every connection has ended. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** A TCP server on loopback that says what the test wants. */
export function startTcpServer(onConnection: (socket: Socket) => void, host = '127.0.0.1'): Promise<TestServer> {
  return listen(createTcpServer(onConnection), host)
}

/** A TLS server on loopback that shows `minted` and says what the test wants. */
export function startTlsServer(
  minted: Minted,
  onConnection: (socket: TLSSocket) => void = () => {},
  options: TlsOptions = {},
): Promise<TestServer> {
  const server = createTlsServer({ cert: minted.chain, key: minted.key, ...options }, onConnection)
  server.on('tlsClientError', () => {})
  return listen(server, '127.0.0.1')
}

/** An HTTP answer by hand: reads until the blank line, then writes. */
export function answerWith(reply: string): (socket: Socket) => void {
  return (socket) => socket.once('data', () => socket.end(reply))
}

async function listen(server: Server, host: string): Promise<TestServer> {
  const sockets = new Set<Socket>()
  let count = 0
  let onIdle = () => {}
  server.on('connection', (socket: Socket) => {
    count++
    sockets.add(socket)
    socket.on('error', () => {})
    // A socket that nobody reads never learns that its peer has left.
    socket.resume()
    socket.on('close', () => {
      sockets.delete(socket)
      if (sockets.size === 0) onIdle()
    })
  })
  server.on('secureConnection', (socket: TLSSocket) => socket.resume().on('error', () => {}))
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return {
    host,
    port: (server.address() as AddressInfo).port,
    connections: () => count,
    open: () => sockets.size,
    idle: () => (sockets.size === 0 ? Promise.resolve() : new Promise((resolve) => (onIdle = resolve))),
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
