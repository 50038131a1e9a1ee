import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, createSecureContext, rootCertificates, type SecureContext, type TLSSocket } from 'node:tls'
import { isAllowedAddress, parseNetworks } from './address-guard'
import { faultOf } from './connection-fault'
import type { ConnectionFault } from './types'

export interface ConnectorOptions {
  /** CIDR networks beyond the public ones that may be connected to. */
  allowNets: readonly string[]
  /** PEM certificates to trust beside the usual roots. */
  extraCa?: readonly string[]
}

export interface Peer {
  address: string
  port: number
  ownAddresses?: readonly string[]
  /** Host name for SNI; undefined for a plain TCP connection. */
  tlsHost?: string
  /** Ends the attempt; not the connection that came of it. */
  signal: AbortSignal
}

/** Carries a fault out of a connection attempt. */
export class ConnectionError extends Error {
  constructor(readonly fault: ConnectionFault) {
    super(fault)
  }
}

export interface Connector {
  /** @throws ConnectionError */
  tcp(peer: Peer): Promise<Socket>
  /** The handshake is finished whatever the certificate is worth; the caller judges it. @throws ConnectionError */
  tls(peer: Peer & { tlsHost: string }): Promise<TLSSocket>
}

/**
 * Connects to addresses, never to names, and only to those that are allowed.
 * @throws TypeError when a network of `allowNets` is not one.
 */
export function createConnector(options: ConnectorOptions): Connector {
  const allowNets = parseNetworks(options.allowNets)
  // Without `ca` Node trusts its roots and NODE_EXTRA_CA_CERTS; naming any `ca` would switch the latter off.
  const secureContext = createSecureContext(options.extraCa ? { ca: [...rootCertificates, ...options.extraCa] } : {})

  function openTcp({ address, port, ownAddresses, signal }: Peer): Promise<Socket> {
    if (!isAllowedAddress(address, { own: ownAddresses, allowNets }))
      return Promise.reject(new ConnectionError('blocked-address'))
    return settle(connectTcp({ host: address, port, autoSelectFamily: false }), 'connect', signal)
  }

  return {
    tcp: openTcp,
    async tls(peer) {
      const socket = await openTcp(peer)
      return settle(connectTls(tlsOptions(socket, peer.tlsHost, secureContext)), 'secureConnect', peer.signal)
    },
  }
}

function tlsOptions(socket: Socket, host: string, secureContext: SecureContext) {
  return {
    socket,
    secureContext,
    // RFC 6066 §3: no IP literals in SNI.
    servername: isIP(host) === 0 ? host : '',
    ALPNProtocols: ['http/1.1'],
    // Judged afterwards, so that a bad certificate can be described; see viewPeerCertificate.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  }
}

/**
 * Resolves with the socket at `event`; destroys it on any fault before that. Afterwards the socket is the caller's to end: were it pulled
 * away from under undici without an error, a body that ends with the connection would pass for whole.
 */
function settle<S extends Socket>(socket: S, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<S> {
  return new Promise((resolve, reject) => {
    const fail = (fault: ConnectionFault) => {
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      reject(new ConnectionError(fault))
    }
    const onAbort = () => fail('timeout')

    signal.addEventListener('abort', onAbort, { once: true })
    // Stays for the socket's life: an error without a listener would end the process.
    socket.on('error', (error) => fail(faultOf(error)))
    socket.on('close', () => fail('reset'))
    socket.once(event, () => {
      signal.removeEventListener('abort', onAbort)
      resolve(socket)
    })
    if (signal.aborted) onAbort()
  })
}
