import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Whether a host name or address stays on this machine: `localhost` and its children (RFC 6761 §6.3), 127.0.0.0/8, ::1. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.+)\]$/, '$1').toLowerCase()
  if (isIP(bare)) return ipaddr.process(bare).range() === 'loopback'
  return bare === 'localhost' || bare.endsWith('.localhost')
}
