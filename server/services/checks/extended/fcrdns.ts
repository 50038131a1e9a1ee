import { addressesOf, type HostAddresses } from '../collectors/look'
import { defineExtended, type ExtendedTarget, type ExtendedWorld } from './contract'
import { evaluateFcrdns, type FcrdnsObservation, type SenderLook } from './evaluate/fcrdns'
import { HOUR_SEC } from './look'
import { lookAtMail, resolveShared } from './mail-look'
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
    const exchangers = await Promise.all(
      (target.mailHost?.mx ?? []).slice(0, MAX_NAMES).map((host) => resolveShared(world, host)),
    )
    const looks = senders.map(async (address): Promise<SenderLook> => {
      const [names, helo] = await Promise.all([lookAtNames(world, address), askForName(world, target, address, exchangers)])
      return { address, ...names, helo }
    })
    return { senders: await Promise.all(looks) }
  },
  evaluate: evaluateFcrdns,
})

/** Shared by all domains of the host, so not under the signal of whoever asks first. */
function lookAtNames(world: ExtendedWorld, address: string): Promise<Pick<SenderLook, 'ptr' | 'forward'>> {
  return world.shared(`fcrdns ${address}`, async () => {
    const ptr = await world.dns.query(reverseName(address), 'PTR')
    const type = address.includes(':') ? 'AAAA' : 'A'
    const published = ptr.records.map((record) => record.value).sort()
    const forward = await Promise.all(published.slice(0, MAX_NAMES).map((name) => world.dns.query(name, type)))
    return { ptr, forward }
  })
}

/** What the server calls itself in SMTP. Known only where it takes mail at the same address: elsewhere nobody listens. */
async function askForName(
  world: ExtendedWorld,
  target: ExtendedTarget,
  address: string,
  exchangers: HostAddresses[],
): Promise<string | null> {
  const exchanger = exchangers.find((one) => addressesOf(one).includes(address))
  if (!exchanger) return null
  const { host } = exchanger
  const { name } = await lookAtMail(world, target, { protocol: 'smtp', security: 'starttls', host, address, port: 25 })
  return name?.toLowerCase() ?? null
}
