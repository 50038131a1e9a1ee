// One message there, one message back, over UDP or TCP. Ours, because dns2's clients have no time limit on TCP, send IPv6 servers'
// TCP questions to localhost, and do not compare the question of a reply with the one that was asked.
import { connect } from 'node:net'
import type { ServerAddress } from './server-address'
import { portFor } from './udp-port'

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
 * Asks over UDP. After `resendAfterMs` the same packet is sent once more, in case one was lost: same port and id, as several open
 * questions with different ids would help a forger (RFC 5452 §5).
 * @throws NoReply `malformed` when time ran out and the server had sent only things that were no reply.
 */
export function askOverUdp({ server, packet, accept, signal }: Exchange, resendAfterMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const id = packet.readUInt16BE()
    const port = portFor(server, id)
    let sawForeign = false
    const finish = (settle: () => void) => {
      clearTimeout(resend)
      signal.removeEventListener('abort', onAbort)
      port.leave(id)
      settle()
    }
    const fail = (reason: NoReply['reason']) => finish(() => reject(new NoReply(reason)))
    const onAbort = () => fail(sawForeign ? 'malformed' : 'timeout')
    const resend = setTimeout(() => port.send(packet), resendAfterMs)
    signal.addEventListener('abort', onAbort, { once: true })
    port.ask(id, packet, (reply) => {
      if (reply === null) fail('network')
      else if (accept(reply)) finish(() => resolve(reply))
      else sawForeign = true
    })
    if (signal.aborted) onAbort()
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
