// One message there, one message back, over UDP or TCP. Ours, because dns2's clients have no time limit on TCP, send IPv6 servers'
// TCP questions to localhost, and do not compare the question of a reply with the one that was asked.
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import type { ServerAddress } from './server-address'

/** Why no reply came. */
export class NoReply extends Error {
  constructor(readonly reason: 'timeout' | 'malformed' | 'network') {
    super(reason)
  }
}

export interface Exchange {
  server: ServerAddress
  packet: Buffer
  /** True for the reply to our question; over UDP everything else is ignored, since it may be forged. */
  accept(reply: Buffer): boolean
  /** Ends the exchange. */
  signal: AbortSignal
}

/**
 * Asks over UDP from a fresh socket. After `resendAfterMs` the same packet is sent once more, in case one was lost: same socket and id, as
 * several open questions with different ids would help a forger (RFC 5452 §5).
 * @throws NoReply `malformed` when time ran out and the server had sent only things that were no reply.
 */
export function askOverUdp({ server, packet, accept, signal }: Exchange, resendAfterMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let settled = false
    let isConnected = false
    let sawForeign = false
    const socket = createSocket(server.family === 4 ? 'udp4' : 'udp6')
    const finish = (settle: () => void) => {
      // A closing socket may still call back (a late ICMP message, a send that was cut off).
      if (settled) return
      settled = true
      clearTimeout(resend)
      signal.removeEventListener('abort', onAbort)
      socket.close()
      settle()
    }
    const fail = (reason: NoReply['reason']) => finish(() => reject(new NoReply(reason)))
    const onAbort = () => fail(sawForeign ? 'malformed' : 'timeout')
    const send = () => {
      if (!settled && isConnected) socket.send(packet, (error) => error && fail('network'))
    }
    const resend = setTimeout(send, resendAfterMs)

    socket.on('error', () => fail('network'))
    socket.on('message', (reply) => {
      if (accept(reply)) finish(() => resolve(reply))
      else sawForeign = true
    })
    socket.on('connect', () => {
      isConnected = true
      send()
    })
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) return onAbort()
    // A connected socket hears only the asked address and port, and learns of a refused port at once.
    socket.connect(server.port, server.host)
  })
}

/**
 * Asks over TCP on a fresh connection (RFC 7766 framing: two octets of length first).
 * @throws NoReply
 */
export function askOverTcp({ server, packet, accept, signal }: Exchange): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let settled = false
    let received = Buffer.alloc(0)
    const socket = connect({ host: server.host, port: server.port, family: server.family, autoSelectFamily: false })
    const finish = (settle: () => void) => {
      if (settled) return
      settled = true
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      settle()
    }
    const fail = (reason: NoReply['reason']) => finish(() => reject(new NoReply(reason)))
    const onAbort = () => fail('timeout')

    socket.on('error', () => fail('network'))
    socket.on('close', () => fail('network'))
    socket.on('connect', () => socket.write(Buffer.concat([lengthPrefix(packet), packet])))
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE()) return
      const reply = received.subarray(2, 2 + received.readUInt16BE())
      if (accept(reply)) finish(() => resolve(reply))
      else fail('malformed')
    })
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
  })
}

function lengthPrefix(packet: Buffer): Buffer {
  const prefix = Buffer.alloc(2)
  prefix.writeUInt16BE(packet.length)
  return prefix
}
