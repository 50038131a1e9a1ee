import type { ConnectionFault } from './types'

/** Carries a fault out of a connection attempt. */
export class ConnectionError extends Error {
  constructor(readonly fault: ConnectionFault) {
    super(fault)
  }
}

const FAULT_BY_CODE: Record<string, ConnectionFault> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EAFNOSUPPORT: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_CLOSED: 'reset',
}

/** What OpenSSL says when the first bytes are no TLS record. */
const NOT_TLS =
  /wrong version number|unknown protocol|http request|packet length too long|record layer failure|bad record type|record too small/i

/** The fault that an error of node:net, node:tls or undici stands for. Its text goes no further. */
export function faultOf(error: unknown): ConnectionFault {
  if (!(error instanceof Error)) return 'protocol'
  const { code = '' } = error as NodeJS.ErrnoException
  const known = FAULT_BY_CODE[code]
  if (known) return known
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    // OpenSSL names most alerts without the word, "tlsv1 unrecognized name", but always adds their number.
    if (/SSL alert number 112\b/.test(error.message)) return 'unrecognized-name'
    if (/SSL alert number \d+/.test(error.message) || code.includes('_ALERT_')) return 'tls-alert'
    return NOT_TLS.test(error.message) ? 'not-tls' : 'protocol'
  }
  return error.cause ? faultOf(error.cause) : 'protocol'
}

/** The fault that ended an exchange which had this time limit. */
export function faultIn(error: unknown, signal: AbortSignal): ConnectionFault {
  if (error instanceof ConnectionError) return error.fault
  return signal.aborted ? 'timeout' : faultOf(error)
}
