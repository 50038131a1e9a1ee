import { describe, expect, it } from 'vitest'
import { certificateOf, MAIL_HOST } from '../../../../tests/helpers/check-facts'
import { extendedTargetOf, zoneWorld } from '../../../../tests/helpers/extended'
import { mailLookOf, mailWorld } from '../../../../tests/helpers/mail-facts'
import { lookAtMail, type MailPlace } from './mail-look'

const place = (host: string, address = '192.0.2.99'): MailPlace => ({
  ...{ protocol: 'smtp', security: 'starttls', host, address, port: 25 },
})

/** A world that shares, with a mail server that has a certificate for each of its names. */
function sharingWorld(names: string[][]) {
  const held = new Map<string, Promise<unknown>>()
  const mail = mailWorld(({ host }) => {
    const shown = names.find((some) => some.includes(host)) ?? names[0]!
    return mailLookOf({ tls: { protocol: 'TLSv1.3', peer: certificateOf({ names: shown, nameMatches: shown.includes(host) }) } })
  })
  const shared = <T>(key: string, look: () => Promise<T>) => {
    if (!held.has(key)) held.set(key, look())
    return held.get(key) as Promise<T>
  }
  return { mail, world: zoneWorld({}, { mail, shared }) }
}

describe('a look at a mail server', () => {
  it('is made once for all names on one certificate', async () => {
    const { mail, world } = sharingWorld([['mx1.example.net', 'mx2.example.net']])
    const seen = await Promise.all(
      ['mx1.example.net', 'mx2.example.net', 'mx1.example.net'].map((host) => lookAtMail(world, extendedTargetOf(), place(host))),
    )
    expect(seen.map((look) => look.tls?.peer.nameMatches)).toEqual([true, true, true])
    expect(mail.looks).toHaveLength(1)
  })

  it('is made again for a name that has a certificate of its own', async () => {
    const { mail, world } = sharingWorld([['mx1.example.net'], ['mx.customer.example']])
    const [one, other] = [
      await lookAtMail(world, extendedTargetOf(), place('mx1.example.net')),
      await lookAtMail(world, extendedTargetOf(), place('mx.customer.example')),
    ]
    expect([one, other].map((look) => look.tls?.peer.nameMatches)).toEqual([true, true])
    expect(mail.looks.map(({ host }) => host)).toEqual(['mx1.example.net', 'mx.customer.example'])
  })

  it('says nothing about others when who asked first is shown a foreign certificate', async () => {
    const { world } = sharingWorld([['mx1.example.net'], ['mx.customer.example']])
    await lookAtMail(world, extendedTargetOf(), place('mx.other.example'))
    const look = await lookAtMail(world, extendedTargetOf(), place('mx.customer.example'))
    expect(look.tls?.peer.nameMatches).toBe(true)
  })

  it('of a name that no certificate has, says so', async () => {
    const { world } = sharingWorld([['mx1.example.net']])
    await lookAtMail(world, extendedTargetOf(), place('mx1.example.net'))
    const look = await lookAtMail(world, extendedTargetOf(), place('mx.other.example'))
    expect(look.tls?.peer.nameMatches).toBe(false)
  })

  it('of an inner address is not shared with those whose mail host does not have it', async () => {
    const { mail, world } = sharingWorld([['mx1.example.net']])
    const owner = extendedTargetOf({ mailHost: { ...MAIL_HOST, sendingAddresses: ['10.0.0.25'] } })
    await lookAtMail(world, owner, place('mx1.example.net', '10.0.0.25'))
    await lookAtMail(world, extendedTargetOf(), place('mx1.example.net', '10.0.0.25'))
    expect(mail.looks.map(({ ownAddresses }) => ownAddresses)).toEqual([['10.0.0.25'], []])
  })
})
