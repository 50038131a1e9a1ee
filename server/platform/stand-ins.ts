// The sample world may not listen on ports below 1024. Its settings file says where it listens instead; nothing else has such a say.
import { readFileSync } from 'node:fs'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { ConfigError } from './config'

/** The port to connect to where `port` of `address` is meant. */
export type PortAt = (address: string, port: number) => number

/** Every port is where it should be. */
export const asNamed: PortAt = (_address, port) => port

const isLoopback = (address: string) => ipaddr.isValid(address) && ipaddr.parse(address).range() === 'loopback'
const Port = z.int().min(1).max(65535)

/** A service of the sample world: `port` of `address` is served at `at`. Only on this machine itself, whatever the file says. */
const StandIn = z.object({ address: z.string().refine(isLoopback, 'an address of loopback'), port: Port, at: Port })
export type StandIn = z.infer<typeof StandIn>

const SampleFile = z.object({ standIns: z.array(StandIn).default([]) })

/** Leads to the stand-ins, and leaves every other port as it is. */
export function standInPorts(standIns: readonly StandIn[]): PortAt {
  const known = new Map(standIns.map(({ address, port, at }) => [`${address} ${port}`, at]))
  return (address, port) => known.get(`${address} ${port}`) ?? port
}

/**
 * The ports of the sample in `demoFile`; null, as outside the demo, leaves all as they are.
 * @throws ConfigError when the file cannot be read, or is no sample
 */
export function readStandIns(demoFile: string | null): PortAt {
  if (demoFile === null) return asNamed
  try {
    return standInPorts(SampleFile.parse(JSON.parse(readFileSync(demoFile, 'utf8'))).standIns)
  } catch {
    // Not the error itself: it may quote the file, which holds passwords.
    throw new ConfigError(['VIGIA_DEMO: the file of a sample, whose stand-ins are ports of loopback'])
  }
}
