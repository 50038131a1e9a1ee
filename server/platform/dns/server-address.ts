import { isIP } from 'node:net'

/** Where a resolver listens. */
export interface ServerAddress {
  host: string
  port: number
  family: 4 | 6
  /** As configured; it names the resolver in evidence. */
  label: string
}

const DNS_PORT = 53

/**
 * Reads `ip`, `ip:port` or `[v6]:port`. No host names: a resolver cannot be looked up.
 * @throws TypeError for anything else.
 */
export function parseServerAddress(label: string): ServerAddress {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(label)
  const withPort = /^([\d.]+):(\d{1,5})$/.exec(label)
  const [, host = label, portText] = bracketed ?? withPort ?? []
  const family = isIP(host)
  const port = portText === undefined ? DNS_PORT : Number(portText)
  if ((family !== 4 && family !== 6) || port < 1 || port > 65535 || (bracketed && family !== 6)) {
    throw new TypeError(`Not a DNS server address: ${label}`)
  }
  return { host, port, family, label }
}
