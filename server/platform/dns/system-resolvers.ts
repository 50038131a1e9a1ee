import { getServers } from 'node:dns'

/** The resolvers that this machine is configured with, as `ip`, `ip:port` or `[v6]:port`. */
export function systemResolvers(): string[] {
  return getServers()
}
