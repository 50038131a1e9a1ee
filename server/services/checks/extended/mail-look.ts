import { nameMatches } from '#server/platform/http/name-match'
import type { MailFault, MailLook, MailTarget } from '#server/platform/mail/types'
import type { ConnectionEvidence } from '#shared/schemas/checks'
import type { ExtendedTarget, ExtendedWorld } from './contract'
import { capText } from '../evaluate/evidence'
import { ownAddresses, resolveHost, type HostAddresses } from '../collectors/look'

/** A mail server may think for a while before it greets strangers. */
const LOOK_TIMEOUT_MS = 8_000
/** Say nothing about the server: another moment may be better. */
const PASSING: readonly (MailFault | null)[] = ['timeout', 'unreachable', 'reset']

export type MailPlace = Pick<MailTarget, 'protocol' | 'security' | 'host' | 'address' | 'port'>

/**
 * One conversation for all who ask about the same address and port, whatever name they know it by. A server may show each name its own
 * certificate, so who is not served by the shared look gets one under the own name.
 */
export async function lookAtMail(world: ExtendedWorld, target: ExtendedTarget, place: MailPlace): Promise<MailLook> {
  const { protocol, security, host, address, port } = place
  // What one mail host may be asked for at an inner address, another must not see.
  const own = ownAddresses(target.mailHost).includes(address) ? [address] : []
  const key = [protocol, security, address, port, ...own.map(() => 'own')].join(' ')
  const look = () => world.mail.look({ ...place, ownAddresses: own, timeoutMs: LOOK_TIMEOUT_MS })
  const keep = (seen: MailLook) => !PASSING.includes(seen.fault)
  const { askedAs, seen } = await world.shared(
    key,
    async () => ({ askedAs: host, seen: await look() }),
    (shared) => keep(shared.seen),
  )
  if (!seen.tls || askedAs === host) return seen
  return matches(host, seen) ? withName(seen, true) : world.shared(`${key} ${host}`, look, keep)
}

/** The addresses of a host that many domains name, so not under the signal of whoever asks first. */
export function resolveShared(world: ExtendedWorld, host: string): Promise<HostAddresses> {
  return world.shared(`addresses ${host}`, () => resolveHost(world, host, null))
}

const matches = (host: string, { tls }: MailLook) => {
  const names = tls?.peer.names ?? []
  return nameMatches(host, { dns: names, ips: names })
}

function withName(look: MailLook, nameMatches: boolean): MailLook {
  return look.tls ? { ...look, tls: { ...look.tls, peer: { ...look.tls.peer, nameMatches } } } : look
}

/** How a conversation ended, as evidence. */
export function mailEvidence(target: string, look: MailLook): ConnectionEvidence {
  const reply = look.reply ? ` (${look.reply})` : ''
  const result = look.fault ? `${look.fault} at ${look.stage}${reply}` : (look.tls?.protocol ?? `no TLS${reply}`)
  return { target, address: look.address, result: capText(result, 400), latencyMs: Math.max(0, Math.round(look.latencyMs)) }
}
