import dns2, { type Packet as PacketType } from 'dns2'
import { createSocket } from 'node:dgram'
import { promises as dns } from 'node:dns'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../index'

const { Packet } = dns2

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

function resolver(index: 0 | 1 = 0) {
  const client = new dns.Resolver({ timeout: 300, tries: 1 })
  client.setServers([world.resolvers[index]])
  return client
}

const where = () => {
  const [address = '', port = ''] = world.resolvers[0].split(':')
  return { address, port: Number(port) }
}

function question(name: string, type: keyof typeof Packet.TYPE, ednsOctets?: number): PacketType {
  const query = new Packet()
  query.header.id = Packet.uuid()
  query.header.rd = 1
  query.questions.push(new Packet.Question(name, Packet.TYPE[type], Packet.CLASS.IN))
  if (ednsOctets) query.additionals.push(Packet.Resource.EDNS([], { udpPayloadSize: ednsOctets }))
  return query
}

/** One datagram out, one datagram back, nothing retried. */
async function overUdp(query: PacketType): Promise<{ packet: PacketType; octets: number }> {
  const socket = createSocket('udp4')
  const { address, port } = where()
  socket.send(query.toBuffer(), port, address)
  const [message] = (await once(socket, 'message')) as [Buffer]
  socket.close()
  return { packet: Packet.parse(message), octets: message.length }
}

async function overTcp(query: PacketType): Promise<PacketType> {
  const { address, port } = where()
  const socket = connect(port, address)
  const octets = query.toBuffer()
  const length = Buffer.alloc(2)
  length.writeUInt16BE(octets.length)
  socket.write(Buffer.concat([length, octets]))
  const reply = await Packet.readStream(socket)
  socket.destroy()
  return Packet.parse(reply)
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answer',
    (error: NodeJS.ErrnoException) => error.code,
  )

describe('positive answers', () => {
  it('both resolvers know the zones', async () => {
    const expected = [
      { priority: 10, exchange: 'mx1.lisboa.atlantico-mail.example' },
      { priority: 20, exchange: 'mx2.lisboa.atlantico-mail.example' },
    ]
    for (const index of [0, 1] as const) {
      const found = await resolver(index).resolveMx('umbrella.example')
      expect(found.sort((a, b) => a.priority - b.priority)).toEqual(expected)
    }
  })

  it('a CNAME is followed and shown, with recursion available', async () => {
    const { packet } = await overUdp(question('s2026._domainkey.padariacentral.pt', 'TXT', 1232))
    expect(packet.header).toMatchObject({ qr: 1, ra: 1, aa: 0, rcode: Packet.RCODE.NOERROR })
    expect(packet.answers.map((record) => [record.name, record.type])).toEqual([
      ['s2026._domainkey.padariacentral.pt', Packet.TYPE.CNAME],
      ['s2026.dkim.atlantico-mail.example', Packet.TYPE.TXT],
    ])
  })

  it('a name in capitals is the same name', async () => {
    const { packet } = await overUdp(question('UMBRELLA.Example', 'MX'))
    expect(packet.answers).toHaveLength(2)
    expect(packet.questions[0]?.name).toBe('UMBRELLA.Example')
  })

  it('a long text comes in strings of at most 255 octets', async () => {
    const packet = await overTcp(question('s2026._domainkey.umbrella.example', 'TXT'))
    const strings = packet.answers[0]?.data as string[]
    expect(strings.map((text) => text.length)).toEqual([255, expect.any(Number)])
    expect(strings.join('')).toMatch(/^v=DKIM1; k=rsa; p=MII[\w+/]+=*$/)
  })

  it('a null MX has the root as its exchange', async () => {
    expect(await resolver().resolveMx('casalusa-eventos.pt')).toEqual([{ priority: 0, exchange: '' }])
  })

  it('the root has name servers, for a canary', async () => {
    expect(await resolver().resolveNs('.')).toEqual(['ns1.root.example'])
  })

  it('the report mailbox accepts reports of any domain', async () => {
    const name = 'umbrella.example._report._dmarc.reports.atlantico-mail.example'
    expect(await resolver().resolveTxt(name)).toEqual([['v=DMARC1']])
  })
})

describe('negative answers', () => {
  it.each([
    {
      case: 'a name that is not there',
      name: 'nothing.umbrella.example',
      type: 'A',
      rcode: 'NXDOMAIN',
      zone: 'umbrella.example',
    },
    { case: 'a domain that is not there', name: 'wayneprint-expo.example', type: 'MX', rcode: 'NXDOMAIN', zone: '' },
    { case: 'a type that is not there', name: 'umbrella.example', type: 'AAAA', rcode: 'NOERROR', zone: 'umbrella.example' },
    {
      case: 'an empty non-terminal',
      name: '_domainkey.umbrella.example',
      type: 'TXT',
      rcode: 'NOERROR',
      zone: 'umbrella.example',
    },
    { case: 'a name above the zones', name: 'pt', type: 'A', rcode: 'NOERROR', zone: '' },
  ] as const)('$case: the right code, and the SOA of the zone that says so', async ({ name, type, rcode, zone }) => {
    const { packet } = await overUdp(question(name, type))
    expect(packet.header.rcode).toBe(Packet.RCODE[rcode])
    expect(packet.answers).toEqual([])
    expect(packet.authorities).toMatchObject([{ name: zone, type: Packet.TYPE.SOA, minimum: 60 }])
  })

  it('Node tells them apart as ENOTFOUND and ENODATA', async () => {
    expect(await codeOf(resolver().resolve4('nothing.umbrella.example'))).toBe('ENOTFOUND')
    expect(await codeOf(resolver().resolveTxt('_domainkey.umbrella.example'))).toBe('ENODATA')
  })

  it('a CNAME that leads nowhere keeps the chain and has the code of its end', async () => {
    world.zones.set('dangling.umbrella.example', 'CNAME', ['gone.umbrella.example'])
    const { packet } = await overUdp(question('dangling.umbrella.example', 'TXT'))
    expect(packet.header.rcode).toBe(Packet.RCODE.NXDOMAIN)
    expect(packet.answers).toMatchObject([{ type: Packet.TYPE.CNAME, domain: 'gone.umbrella.example' }])
  })

  it('a CNAME loop is SERVFAIL', async () => {
    world.zones.set('one.umbrella.example', 'CNAME', ['two.umbrella.example'])
    world.zones.set('two.umbrella.example', 'CNAME', ['one.umbrella.example'])
    expect((await overUdp(question('one.umbrella.example', 'A'))).packet.header.rcode).toBe(Packet.RCODE.SERVFAIL)
  })
})

describe('size', () => {
  it('without EDNS an answer over 512 octets is truncated, with EDNS up to 1232 it is not', async () => {
    const plain = await overUdp(question('s2026._domainkey.solbakken.no', 'TXT'))
    expect(plain.packet.header.tc).toBe(1)
    expect(plain.packet.answers).toEqual([])
    const extended = await overUdp(question('s2026._domainkey.solbakken.no', 'TXT', 1232))
    expect(extended.packet.header.tc).toBe(0)
    expect(extended.packet.answers).toHaveLength(2)
    expect(extended.packet.additionals).toMatchObject([{ type: Packet.TYPE.EDNS, class: 1232 }])
  })

  it('no more than 1232 octets go over UDP whatever the client offers, and TCP has all of it', async () => {
    const udp = await overUdp(question('globex-research.example', 'TXT', 4096))
    expect(udp.packet.header.tc).toBe(1)
    expect(udp.octets).toBeLessThan(1232)
    const tcp = await overTcp(question('globex-research.example', 'TXT', 4096))
    expect(tcp.answers).toHaveLength(25)
    expect(tcp.toBuffer().length).toBeGreaterThan(1232)
  })

  it('dns2 and Node come back over TCP by themselves', async () => {
    const { address, port } = where()
    const packet = await dns2.UDPClient({ dns: address, port })('globex-research.example', 'TXT')
    expect(packet.answers).toHaveLength(25)
    expect(await resolver().resolveTxt('globex-research.example')).toHaveLength(25)
  })
})

describe('faults', () => {
  it('zones whose story is a fault have it, and others do not', async () => {
    expect(await codeOf(resolver().resolveMx('rafaellab.pt'))).toBe('ESERVFAIL')
    expect(await codeOf(resolver().resolve4('mail.rafaellab.pt'))).toBe('ESERVFAIL')
    expect(await codeOf(resolver().resolveMx('nordlys-events.dk'))).toBe('EREFUSED')
    expect(await codeOf(resolver().resolveMx('saorafael.pt'))).toBe('ETIMEOUT')
    expect(await codeOf(resolver().resolveMx('umbrella.example'))).toBe('answer')
  })

  it('a truncated zone says TC over UDP and closes TCP', async () => {
    expect((await overUdp(question('initech-mail.example', 'MX', 1232))).packet.header.tc).toBe(1)
    await expect(overTcp(question('initech-mail.example', 'MX'))).rejects.toThrow('connection closed')
  })

  it.each([
    ['servfail', 'ESERVFAIL'],
    ['refused', 'EREFUSED'],
    ['timeout', 'ETIMEOUT'],
  ] as const)('%s can be switched on for everything, and off', async (fault, code) => {
    world.faults.dns(fault)
    expect(await codeOf(resolver().resolveMx('umbrella.example'))).toBe(code)
    expect(await codeOf(resolver(1).resolveNs('.'))).toBe(code)
    world.faults.dns(null)
    expect(await codeOf(resolver().resolveMx('umbrella.example'))).toBe('answer')
    expect(await codeOf(resolver().resolveMx('rafaellab.pt'))).toBe('ESERVFAIL')
  })

  it('one zone, or one of the two resolvers, can be broken alone', async () => {
    world.faults.dns('refused', 'umbrella.example')
    expect(await codeOf(resolver().resolve4('mail.umbrella.example'))).toBe('EREFUSED')
    expect(await codeOf(resolver().resolveMx('globex.example'))).toBe('answer')
    world.faults.dns(null, 'umbrella.example')
    world.faults.dns('servfail', { resolver: 0 })
    expect(await codeOf(resolver(0).resolveMx('umbrella.example'))).toBe('ESERVFAIL')
    expect(await codeOf(resolver(1).resolveMx('umbrella.example'))).toBe('answer')
    world.faults.dns(null, { resolver: 0 })
    expect(await codeOf(resolver(0).resolveMx('umbrella.example'))).toBe('answer')
  })

  it('a record can be edited and removed while the world runs', async () => {
    world.zones.set('cafebrasileira.pt', 'TXT', ['v=spf1 -all'])
    world.zones.set('_dmarc.cafebrasileira.pt', 'TXT', ['v=DMARC1; p=reject'])
    expect(await resolver().resolveTxt('cafebrasileira.pt')).toEqual([['v=spf1 -all']])
    expect(await resolver().resolveTxt('_dmarc.cafebrasileira.pt')).toEqual([['v=DMARC1; p=reject']])
    world.zones.set('_dmarc.cafebrasileira.pt', 'TXT', [])
    expect(await codeOf(resolver().resolveTxt('_dmarc.cafebrasileira.pt'))).toBe('ENOTFOUND')
  })

  it('what is no question of ours is refused with its own code', async () => {
    const chaos = question('umbrella.example', 'TXT')
    if (chaos.questions[0]) chaos.questions[0].class = Packet.CLASS.CH
    expect((await overUdp(chaos)).packet.header.rcode).toBe(Packet.RCODE.REFUSED)
    expect((await overUdp(question('umbrella.example', 'ANY'))).packet.header.rcode).toBe(Packet.RCODE.NOTIMP)
    const empty = question('umbrella.example', 'TXT')
    empty.questions = []
    expect((await overUdp(empty)).packet.header.rcode).toBe(Packet.RCODE.FORMERR)
  })
})
