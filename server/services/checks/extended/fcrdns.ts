import { defineExtended, type ExtendedTarget, type ExtendedWorld } from './contract'
import { evaluateFcrdns, type FcrdnsObservation, type SenderLook } from './evaluate/fcrdns'
import { HOUR_SEC } from './look'
import { lookAtMail } from './mail-look'
import { reverseName } from './reverse-name'

const MAX_SENDERS = 10
const MAX_NAMES = 5

/** Whether the addresses that send for the mail host have a name that leads back to them. */
export const fcrdns = defineExtended<FcrdnsObservation>({
  id: 'fcrdns',
  intervalSec: HOUR_SEC,
  subject: 'host-shared',
  needsMailHost: true,
  about: 'Whether the sending addresses of the mail host have a name that leads back to them (RFC 1912).',
  thirdParty: null,
  async collect(world, target) {
    const senders = target.sends ? (target.mailHost?.sendingAddresses ?? []).slice(0, MAX_SENDERS) : []
    return { senders: await Promise.all(senders.map((address) => lookAtSender(world, target, address))) }
  },
  evaluate: evaluateFcrdns,
})

/** Shared by all domains of the host, so not under the signal of whoever asks first. */
async function lookAtSender(world: ExtendedWorld, target: ExtendedTarget, address: string): Promise<SenderLook> {
  const names = await world.shared(`fcrdns ${address}`, async () => {
    const ptr = await world.dns.query(reverseName(address), 'PTR')
    const type = address.includes(':') ? 'AAAA' : 'A'
    const published = ptr.records.map((record) => record.value).sort()
    const forward = await Promise.all(published.slice(0, MAX_NAMES).map((name) => world.dns.query(name, type)))
    return { ptr, forward }
  })
  const [host] = names.ptr.records.map((record) => record.value)
  if (host === undefined) return { address, ...names, helo: null }
  const smtp = await lookAtMail(world, target, { protocol: 'smtp', security: 'starttls', host, address, port: 25 })
  return { address, ...names, helo: smtp.name?.toLowerCase() ?? null }
}
