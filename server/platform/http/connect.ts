import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, createSecureContext, rootCertificates, type TLSSocket } from 'node:tls'
import { asNamed, type PortAt } from '../stand-ins'
import { isAllowedAddress, parseNetworks } from './address-guard'
import { ConnectionError, faultOf } from './connection-fault'
import type { ConnectionFault, HttpTarget } from './types'

export interface ConnectorOptions {
  /** CIDR networks beyond the public ones that may be connected to. */
  allowNets: readonly string[]
  /** PEM certificates to trust beside the usual roots. */
  extraCa?: readonly string[]
  /** Looks without trust: also shakes hands by outdated rules, so that they can be told, and names no protocol (ALPN) of HTTP. */
  probe?: boolean
  /** Where ports are, in the sample world. */
  portAt?: PortAt
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

/** OpenSSL's default level refuses TLS before 1.2 and small keys, and so hides what the peer offers. */
const OUTDATED_RULES = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const

export interface Connector {
  /** @throws ConnectionError */
  tcp(peer: Peer): Promise<Socket>
  /** The handshake is finished whatever the certificate is worth; the caller judges it. @throws ConnectionError */
  tls(peer: Peer & { tlsHost: string }): Promise<TLSSocket>
  /** The same on a connection that is open already; nothing may be reading from it. @throws ConnectionError */
  secure(socket: Socket, peer: { tlsHost: string; signal: AbortSignal }): Promise<TLSSocket>
}

/**
 * Connects to addresses, never to names, and only to those that are allowed.
 * @throws TypeError when a network of `allowNets` is not one.
 */
export function createConnector(options: ConnectorOptions): Connector {
  const { portAt = asNamed } = options
  const allowNets = parseNetworks(options.allowNets)
  // Without `ca` Node trusts its roots and NODE_EXTRA_CA_CERTS; naming any `ca` would switch the latter off.
  const ca = options.extraCa ? { ca: [...rootCertificates, ...options.extraCa] } : {}
  const secureContext = createSecureContext(options.probe ? { ...ca, ...OUTDATED_RULES } : ca)
  const base = options.probe ? { secureContext } : { secureContext, ALPNProtocols: ['http/1.1'] }

  function openTcp({ address, port, ownAddresses, signal }: Peer): Promise<Socket> {
    if (!isAllowedAddress(address, { own: ownAddresses, allowNets }))
      return Promise.reject(new ConnectionError('blocked-address'))
    return settle(connectTcp({ host: address, port: portAt(address, port), autoSelectFamily: false }), 'connect', signal)
  }

  const secure: Connector['secure'] = (socket, { tlsHost, signal }) => {
    const secured = connectTls({ ...base, ...tlsOptions(socket, tlsHost) })
    // Node reads the whole chain into objects for its own check of the name, which is switched off: a fifth of a handshake.
    Object.assign(secured, { getPeerCertificate: () => ({}) })
    return settle(secured, 'secureConnect', signal)
  }

  return { tcp: openTcp, secure, tls: async (peer) => secure(await openTcp(peer), peer) }
}

/** The connection that a URL asks for, at the given address. @throws ConnectionError */
export function openConnection(
  connector: Connector,
  { url, address, ownAddresses }: Pick<HttpTarget, 'url' | 'address' | 'ownAddresses'>,
  signal: AbortSignal,
): Promise<Socket> {
  const port = Number(url.port)
  if (url.protocol === 'https:') return connector.tls({ address, port: port || 443, ownAddresses, signal, tlsHost: hostOf(url) })
  if (url.protocol === 'http:') return connector.tcp({ address, port: port || 80, ownAddresses, signal })
  return Promise.reject(new ConnectionError('protocol'))
}

/** The host of a URL; an IPv6 literal without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}

function tlsOptions(socket: Socket, host: string) {
  return {
    socket,
    // RFC 6066 §3: no IP literals in SNI.
    servername: isIP(host) === 0 ? host : '',
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
    const onClose = () => fail('reset')

    signal.addEventListener('abort', onAbort, { once: true })
    // Stays for the socket's life: an error without a listener would end the process.
    socket.on('error', (error) => fail(faultOf(error)))
    socket.once('close', onClose)
    socket.once(event, () => {
      signal.removeEventListener('abort', onAbort)
      socket.removeListener('close', onClose)
      resolve(socket)
    })
    if (signal.aborted) onAbort()
  })
}
