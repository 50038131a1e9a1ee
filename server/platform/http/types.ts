import type { PeerCertificateView } from './tls'

/** How a connection ended. Closed list; raw error texts never leave the client. */
export type ConnectionFault =
  | 'refused'
  | 'timeout'
  | 'unreachable'
  | 'reset'
  /** The address is neither public, nor the mail host's own, nor in VIGIA_ALLOW_NETS. */
  | 'blocked-address'
  /** The peer spoke something that is not TLS. */
  | 'not-tls'
  /** A TLS alert, for example unrecognized_name. */
  | 'tls-alert'
  /** Handshake fine, certificate not acceptable (only when verification was asked for). */
  | 'tls-invalid'
  | 'protocol'

export interface HttpTarget {
  url: URL
  /** The address to connect to: already resolved, so that what was checked is what is used. */
  address: string
  /** Inner addresses that are the mail host's own. */
  ownAddresses?: readonly string[]
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  /** Whole exchange, milliseconds. */
  timeoutMs: number
  /** Bytes of the body that are read; the rest is dropped and `truncated` set. */
  maxBodyBytes?: number
  /** When false the exchange goes on with a certificate that is not valid, and `tls` says what is wrong with it. */
  verifyTls: boolean
  signal?: AbortSignal
}

export type HttpResult =
  | {
      ok: true
      status: number
      headers: Record<string, string>
      body: string
      truncated: boolean
      address: string
      latencyMs: number
      tls?: PeerCertificateView
    }
  | { ok: false; fault: ConnectionFault; address: string; latencyMs: number; tls?: PeerCertificateView }

/** HTTP out. Redirects are never followed; the caller decides on each. Never rejects. */
export interface HttpClient {
  request(target: HttpTarget): Promise<HttpResult>
}

export interface TlsTarget {
  host: string
  address: string
  port: number
  ownAddresses?: readonly string[]
  timeoutMs: number
  signal?: AbortSignal
}

export type TlsResult =
  | { ok: true; address: string; port: number; latencyMs: number; protocol: string; peer: PeerCertificateView }
  | { ok: false; address: string; port: number; latencyMs: number; fault: ConnectionFault }

/** A TLS handshake with SNI and nothing after it, verified afterwards. Never rejects. */
export interface TlsClient {
  handshake(target: TlsTarget): Promise<TlsResult>
}
