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
  /** The alert of RFC 6066 §3: the server knows no such name. */
  | 'unrecognized-name'
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
  /** The body is no text: one character of `body` for each octet (latin1). */
  binary?: boolean
  /** When false the exchange goes on with a certificate that is not valid, and `tls` says what is wrong with it. */
  verifyTls: boolean
  signal?: AbortSignal
  /**
   * The connection may be one that was kept from an earlier request, and is kept for the next. For requests that only ask: one whose
   * connection ends before its answer is sent once more.
   */
  keep?: boolean
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
  /** Begins a visit; whoever begins it closes it. */
  visit(): HttpVisit
}

/** `GET` alone, and a certificate that is not valid ends nothing: `tls` says what is wrong with it. */
export type VisitTarget = Pick<HttpTarget, 'url' | 'address' | 'ownAddresses' | 'timeoutMs' | 'maxBodyBytes'>

/**
 * One look at some hosts: each name is connected to once at each address and each page asked for once over that connection, whoever
 * asks. What it holds (pages, connections) goes with `close`. Never rejects.
 */
export interface HttpVisit {
  /** The handshake of the connection that the pages come over. */
  handshake(target: VisitTarget): Promise<TlsResult>
  get(target: VisitTarget): Promise<HttpResult>
  close(): Promise<void>
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
