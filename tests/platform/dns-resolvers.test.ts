import { afterEach, describe, expect, it } from 'vitest'
import { createDnsClient, type DnsClientOptions } from '#server/platform/dns/client'
import { systemResolvers } from '#server/platform/dns/system-resolvers'
import { parseServerAddress } from '#server/platform/dns/server-address'
import { record, startDnsServer, startRawUdp, type Zone, type ZoneReply } from '../helpers/dns-server'

const closers: Array<() => Promise<unknown>> = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

async function serve(zone: Zone) {
  const server = await startDnsServer(zone)
  closers.push(server.close)
  return server
}

const T0 = Date.UTC(2026, 0, 1)
const SAYS: Record<string, ZoneReply | null> = {
  answer: { answers: [record.a('host.example', '192.0.2.1', 120)] },
  nxdomain: { rcode: 3, authorities: [record.soa('example', 60)] },
  nodata: { authorities: [record.soa('example', 90)] },
  servfail: { rcode: 2 },
  refused: { rcode: 5 },
  timeout: null,
}
const says =
  (word: keyof typeof SAYS): Zone =>
  () =>
    SAYS[word]!

function clientOf(servers: string[], options: Partial<DnsClientOptions> = {}) {
  const clock = { now: T0 }
  return { clock, client: createDnsClient({ servers, now: () => clock.now, queryTimeoutMs: 200, ...options }) }
}

describe('the second opinion', () => {
  it.each([
    ['answer', 'nxdomain', 'answer', false, 1],
    ['nxdomain', 'answer', 'answer', true, 2],
    ['nodata', 'answer', 'answer', true, 2],
    ['servfail', 'answer', 'answer', false, 2],
    ['timeout', 'answer', 'answer', false, 2],
    ['nxdomain', 'nxdomain', 'nxdomain', false, 2],
    ['nodata', 'nodata', 'nodata', false, 2],
    ['nxdomain', 'nodata', 'nodata', false, 2],
    ['nodata', 'nxdomain', 'nodata', false, 2],
    ['nxdomain', 'servfail', 'servfail', false, 2],
    ['nodata', 'timeout', 'timeout', false, 2],
    ['refused', 'nxdomain', 'refused', false, 2],
    ['servfail', 'refused', 'servfail', false, 2],
    ['refused', 'servfail', 'refused', false, 2],
  ] as const)('%s and %s come to %s', async (first, second, outcome, disagree, asked) => {
    const [one, two] = [await serve(says(first)), await serve(says(second))]
    const answer = await clientOf([one.address, two.address]).client.query('host.example', 'A')
    expect(answer).toMatchObject({ outcome, disagree, singleResolver: false })
    expect(answer.replies.map((reply) => [reply.server, reply.outcome])).toEqual(
      [
        [one.address, first],
        [two.address, second],
      ].slice(0, asked),
    )
  })

  it('comes from a fresh socket to the same resolver when there is only one, and says so', async () => {
    const ports: number[] = []
    const server = await startRawUdp((request, send, from) => {
      ports.push(from.port)
      const reply = Buffer.from(request)
      reply.writeUInt16BE(0x8183, 2)
      send(reply)
    })
    closers.push(server.close)
    const answer = await clientOf([server.address]).client.query('host.example', 'A')
    expect(answer).toMatchObject({
      outcome: 'nxdomain',
      singleResolver: true,
      replies: [{ server: server.address }, { server: server.address }],
    })
    expect(new Set(ports).size).toBe(2)
  })

  it('keeps an answer on which resolvers disagree no longer than the one that says no would', async () => {
    const [one, two] = [await serve(says('nxdomain')), await serve(says('answer'))]
    expect((await clientOf([one.address, two.address]).client.query('host.example', 'A')).ttl).toBe(60)
  })
})

describe('a resolver that stays silent', () => {
  it('is asked last for half a minute, and first again after that', async () => {
    const [dead, live] = [await serve(says('timeout')), await serve(says('answer'))]
    const { client, clock } = clientOf([dead.address, live.address])
    const first = await client.query('host.example', 'A')
    expect(first.replies.map((reply) => reply.server)).toEqual([dead.address, live.address])
    clock.now += 29_000
    const before = dead.asked.length
    await client.fresh().query('host.example', 'A')
    expect(dead.asked).toHaveLength(before)
    clock.now += 2_000
    await client.fresh().query('host.example', 'A')
    expect(dead.asked.length).toBeGreaterThan(before)
  })
})

describe('the cache', () => {
  it('keeps an answer for its least TTL', async () => {
    const server = await serve(says('answer'))
    const { client, clock } = clientOf([server.address])
    expect((await client.query('host.example', 'A')).cached).toBe(false)
    clock.now += 119_999
    expect(await client.query('HOST.example.', 'A')).toMatchObject({ cached: true, outcome: 'answer', askedAt: T0 })
    clock.now += 1
    expect((await client.query('host.example', 'A')).cached).toBe(false)
    expect(server.asked).toHaveLength(2)
  })

  it.each([
    ['the SOA minimum', 60, 3600, 60],
    ['the TTL of the SOA when that is less', 3600, 45, 45],
    ['ten minutes at most', 86400, 86400, 86400],
    ['not at all at zero', 0, 3600, 0],
  ])('keeps a negative answer for %s', async (_what, minimum, ttl, seconds) => {
    const server = await serve(() => ({ rcode: 3, authorities: [record.soa('example', minimum, ttl)] }))
    const { client, clock } = clientOf([server.address])
    expect((await client.query('host.example', 'A')).ttl).toBe(seconds)
    const kept = Math.min(seconds, 600)
    clock.now += kept * 1_000 - 1
    expect((await client.query('host.example', 'A')).cached).toBe(kept > 0)
    clock.now += 1
    expect((await client.query('host.example', 'A')).cached).toBe(false)
  })

  it('does not keep a negative answer without a SOA, nor one with a SOA of another zone', async () => {
    const bare = await serve(() => ({ rcode: 3 }))
    const foreign = await serve(() => ({ rcode: 3, authorities: [record.soa('elsewhere.test', 300)] }))
    for (const { address } of [bare, foreign]) {
      const { client } = clientOf([address])
      await client.query('host.example', 'A')
      expect((await client.query('host.example', 'A')).cached).toBe(false)
    }
  })

  it('keeps a TTL of a day for ten minutes, and tells the day', async () => {
    const server = await serve(() => ({ answers: [record.a('host.example', '192.0.2.1', 86400)] }))
    const { client, clock } = clientOf([server.address])
    expect((await client.query('host.example', 'A')).ttl).toBe(86400)
    clock.now += 600_000
    expect((await client.query('host.example', 'A')).cached).toBe(false)
  })

  it('never keeps a fault, and forgets no answer for one', async () => {
    let word: keyof typeof SAYS = 'servfail'
    const server = await serve(() => SAYS[word]!)
    const { client } = clientOf([server.address])
    expect((await client.query('host.example', 'A')).outcome).toBe('servfail')
    word = 'answer'
    expect(await client.query('host.example', 'A')).toMatchObject({ outcome: 'answer', cached: false })
    word = 'servfail'
    expect((await client.fresh().query('host.example', 'A')).outcome).toBe('servfail')
    expect(await client.query('host.example', 'A')).toMatchObject({ outcome: 'answer', cached: true })
  })

  it('keeps types and names apart', async () => {
    const server = await serve(({ name, type }) => (type === 1 ? { answers: [record.a(name, '192.0.2.1')] } : SAYS.nodata!))
    const { client } = clientOf([server.address])
    await client.query('host.example', 'A')
    expect(await client.query('host.example', 'AAAA')).toMatchObject({ outcome: 'nodata', cached: false })
    expect(await client.query('other.example', 'A')).toMatchObject({ outcome: 'answer', cached: false })
  })

  it('has a bounded size', async () => {
    const server = await serve(({ name }) => ({ answers: [record.a(name, '192.0.2.1')] }))
    const { client } = clientOf([server.address], { cacheEntries: 2 })
    for (const name of ['a.example', 'b.example', 'a.example', 'c.example']) await client.query(name, 'A')
    expect((await client.query('a.example', 'A')).cached).toBe(true)
    expect((await client.query('b.example', 'A')).cached).toBe(false)
  })
})

describe('a fresh client', () => {
  it('asks though the cache knows, and leaves what it learnt to the others', async () => {
    let address = '192.0.2.1'
    const server = await serve(({ name }) => ({ answers: [record.a(name, address)] }))
    const { client } = clientOf([server.address])
    await client.query('host.example', 'A')
    address = '192.0.2.2'
    expect(await client.fresh().query('host.example', 'A')).toMatchObject({ cached: false, records: [{ value: '192.0.2.2' }] })
    expect(await client.query('host.example', 'A')).toMatchObject({ cached: true, records: [{ value: '192.0.2.2' }] })
  })

  it('does not join a look-up that began before it', async () => {
    const server = await serve(says('answer'))
    const { client } = clientOf([server.address])
    await Promise.all([client.query('host.example', 'A'), client.fresh().query('host.example', 'A')])
    expect(server.asked).toHaveLength(2)
  })
})

describe('equal look-ups at the same time', () => {
  it.each(['the client', 'a fresh client'])('are one for %s', async (which) => {
    const server = await serve(says('nxdomain'))
    const { client: parent } = clientOf([server.address])
    const client = which === 'the client' ? parent : parent.fresh()
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.query('host.example', 'A')))
    expect(answers.every((answer) => answer.outcome === 'nxdomain')).toBe(true)
    expect(server.asked).toHaveLength(2)
  })

  it('keep to the limit when they are not equal', async () => {
    const open: Array<{ name: string; answer: () => void }> = []
    const most: number[] = []
    const server = await startRawUdp((request, send) => {
      const reply = Buffer.from(request)
      // SERVFAIL, so that each look-up asks twice.
      reply.writeUInt16BE(0x8182, 2)
      open.push({ name: request.toString('latin1', 13, 15), answer: () => send(reply) })
      most.push(open.length)
      if (open.length === 4) open.splice(0).forEach((question) => question.answer())
    })
    closers.push(server.close)
    const { client } = clientOf([server.address], { concurrency: 4, queryTimeoutMs: 15_000 })
    const answers = await Promise.all(Array.from({ length: 16 }, (_, n) => client.query(`h${n}.example`, 'A')))
    expect(answers.every((answer) => answer.outcome === 'servfail')).toBe(true)
    expect(Math.max(...most)).toBe(4)
  })
})

describe('addresses of resolvers', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1', 53, 4],
    ['192.0.2.1:5353', '192.0.2.1', 5353, 4],
    ['2001:db8::1', '2001:db8::1', 53, 6],
    ['[2001:db8::1]', '2001:db8::1', 53, 6],
    ['[::1]:5353', '::1', 5353, 6],
  ])('reads %s', (label, host, port, family) => {
    expect(parseServerAddress(label)).toEqual({ host, port, family, label })
  })

  it.each([
    '',
    'dns.example',
    '192.0.2.1:0',
    '192.0.2.1:65536',
    '192.0.2.1:',
    '[192.0.2.1]:53',
    '[::1]:',
    '1.2.3',
    'localhost:53',
  ])('refuses %j', (label) => {
    expect(() => parseServerAddress(label)).toThrow(TypeError)
  })

  it('can read what the system is configured with', () => {
    expect(systemResolvers().map(parseServerAddress).length).toBe(systemResolvers().length)
  })
})
