import { createInterface } from 'node:readline'
import type { DnsFault, World } from '../../world'

const HELP = `  dns servfail|refused|timeout|ok [ZONE]   break or mend the name service
  health NAME on|off                       a mail host's health, by its name
  zone NAME TYPE [VALUE …]                 publish a record set; without values, take it away
  help`

const DNS_FAULTS: readonly DnsFault[] = ['servfail', 'refused', 'timeout']

/** Reads faults to switch, a line each, from the terminal. */
export function listenForFaults(world: World): void {
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => console.log(switchFault(world, line.trim())))
}

function switchFault(world: World, line: string): string {
  const [verb, ...words] = line.split(/\s+/)
  if (verb === 'dns') {
    const fault = DNS_FAULTS.find((known) => known === words[0]) ?? null
    if (!fault && words[0] !== 'ok') return HELP
    world.faults.dns(fault, words[1])
    return `  name service${words[1] ? ` of ${words[1]}` : ''}: ${words[0]}`
  }
  if (verb === 'health' && words.length >= 2) {
    const state = words.pop()
    const name = words.join(' ')
    if (!world.mailHosts().some((host) => host.name === name))
      return `  mail hosts: ${world
        .mailHosts()
        .map((host) => host.name)
        .join(', ')}`
    world.faults.health(name, state === 'on')
    return `  ${name}: ${state}`
  }
  if (verb === 'zone' && words.length >= 2) {
    const [name, type] = words as [string, string]
    const values = line.split(/\s+/).slice(3).join(' ')
    world.zones.set(name, type as Parameters<World['zones']['set']>[1], values ? [values] : [])
    return `  ${name} ${type}: ${values || 'gone'}`
  }
  return HELP
}
