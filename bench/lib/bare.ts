// Ceilings: the same exchanges with nothing of ours around them.
import { UDPClient } from 'dns2'
import { request } from 'node:https'
import { createSecureContext } from 'node:tls'

/** One for all: Node would read every root certificate anew for each connection. */
const secureContext = createSecureContext()

/** Asks one resolver (`ip:port`) with dns2's own client: a socket for each question, no cache, no second opinion. */
export function bareDns(resolver: string): (name: string, type: string) => Promise<unknown> {
  const [dns, port] = resolver.split(':')
  const client = UDPClient({ dns, port: Number(port) })
  return (name, type) => client(name, type as 'A')
}

/** One HTTPS request on a connection of its own, certificate checked; the body is read and forgotten. */
export function bareHttps({
  address,
  port,
  host,
  path,
}: {
  address: string
  port: number
  host: string
  path: string
}): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { host: address, port, path, servername: host, headers: { host }, agent: false as const, secureContext }
    const sent = request(options, (response) => {
      response.on('error', reject)
      response.on('end', () => resolve())
      response.resume()
    })
    sent.on('error', reject)
    sent.end()
  })
}
