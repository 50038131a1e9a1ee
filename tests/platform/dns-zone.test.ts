import { afterEach, describe, expect, it } from 'vitest'
import { createDnsClient } from '#server/platform/dns/client'
import { record, startDnsServer, type TestDnsServer, type Zone, type ZoneReply } from '../helpers/dns-server'

const closers: Array<() => Promise<unknown>> = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

const NS = 2
const SOA: ZoneReply = { aa: 1, ra: 0, answers: [record.soa('shop.example', 60)] }
const SERVFAIL: ZoneReply = { rcode: 2, ra: 0 }
const REFUSED: ZoneReply = { rcode: 5, ra: 0 }

/** The parent's pointer to `zone`, with the addresses of its servers. */
const referralTo = (zone: string, servers: Record<string, string>): ZoneReply => ({
  ...{ ra: 0, authorities: Object.keys(servers).map((host) => record.ns(zone, host)) },
  additionals: Object.entries(servers).map(([host, address]) => record.a(host, address)),
})

/**
 * A resolver and servers of zones, all on 127.x addresses and one port (as they would all have 53). The resolver knows `ns` (servers by
 * zone) and `hosts`; for every other name it answers SERVFAIL.
 */
async function serve(servers: Record<string, Zone>, ns: Record<string, string[]>, hosts: Record<string, string> = {}) {
  const started = new Map<string, TestDnsServer>()
  const [[firstHost, firstZone], ...others] = Object.entries(servers) as [[string, Zone], ...Array<[string, Zone]>]
  const first = await startDnsServer(firstZone, { host: firstHost })
  started.set(firstHost, first)
  for (const [host, zone] of others) started.set(host, await startDnsServer(zone, { host, port: first.port }))
  const resolver = await startDnsServer(({ name, type }) => {
    if (type === NS && ns[name]) return { answers: ns[name].map((host) => record.ns(name, host)) }
    if (type === 1 && hosts[name]) return { answers: [record.a(name, hosts[name])] }
    if (type === 28 && hosts[name]) return { authorities: [record.soa('', 60)] }
    return { rcode: 2 }
  })
  closers.push(resolver.close, ...[...started.values()].map((server) => server.close))
  const options = { servers: [resolver.address], now: () => 0, queryTimeoutMs: 2_000, portAt: () => first.port }
  const client = (allowNets = ['127.0.0.0/8']) => createDnsClient({ ...options, allowNets })
  return { resolver, client, started }
}

const A = '127.30.0.1'
const B = '127.30.0.2'

describe('a look at the servers of a zone', () => {
  it.each<[string, Zone, Zone, 'well' | 'broken' | 'unclear']>([
    ['both answer', () => SOA, () => SOA, 'well'],
    ['one answers, one refuses', () => SOA, () => REFUSED, 'well'],
    ['one says that there is no such name', () => ({ rcode: 3, aa: 1 }), () => REFUSED, 'well'],
    ['one refuses, one fails', () => REFUSED, () => SERVFAIL, 'broken'],
    ['one refuses, one is silent', () => REFUSED, () => null, 'unclear'],
    ['both are silent', () => null, () => null, 'unclear'],
    ['one points upwards', () => REFUSED, () => ({ ra: 0, authorities: [record.ns('example', 'ns.example')] }), 'unclear'],
    ['both answer nonsense', () => Buffer.from('nonsense'), () => Buffer.alloc(3), 'unclear'],
  ])('of which %s', async (_what, one, other, verdict) => {
    const known = { 'shop.example': ['a.example', 'b.example'] }
    const { client } = await serve({ [A]: one, [B]: other }, known, { 'a.example': A, 'b.example': B })
    const look = await client().zone('shop.example')
    expect(look).toMatchObject({ zone: 'shop.example', verdict, leftOut: 0 })
    expect(look.replies.map((reply) => [reply.host, reply.address])).toEqual([
      ['a.example', A],
      ['b.example', B],
    ])
  })

  it('says where the zone above sends people, when that is asked for', async () => {
    const zones = { example: ['top.example'], 'shop.example': ['a.example', 'b.example'] }
    const top: Zone = ({ type }) => (type === NS ? referralTo('shop.example', { 'c.example': B, 'a.example': A }) : REFUSED)
    const { client } = await serve({ [A]: () => SOA, [B]: top }, zones, { 'a.example': A, 'b.example': A, 'top.example': B })
    const look = await client().zone('shop.example', { parent: true })
    expect(look).toMatchObject({ verdict: 'well', parent: { parent: 'example', hosts: ['a.example', 'c.example'] } })
    expect((await client().zone('shop.example')).parent).toBeUndefined()
  })

  it.each<[string, Zone]>([
    ['is silent', () => null],
    ['refuses', () => REFUSED],
    ['answers out of the zone itself', () => ({ aa: 1, ra: 0, answers: [record.ns('shop.example', 'a.example')] })],
    ['points elsewhere', () => referralTo('www.shop.example', { 'c.example': B })],
  ])('says that the zone above could not be asked when it %s', async (_what, top) => {
    const zones = { example: ['top.example'], 'shop.example': ['a.example'] }
    const { client } = await serve({ [A]: () => SOA, [B]: top }, zones, { 'a.example': A, 'top.example': B })
    expect((await client().zone('shop.example', { parent: true })).parent).toEqual({ parent: 'example', hosts: null })
  })

  it('asks for the SOA without recursion', async () => {
    const asked: unknown[] = []
    const zone: Zone = ({ request, type }) => {
      asked.push([request.header.rd, type])
      return SOA
    }
    const { client } = await serve({ [A]: zone }, { 'shop.example': ['a.example'] }, { 'a.example': A })
    const look = await client().zone('www.shop.example')
    expect(look.replies[0]!.soa).toBe(null)
    expect((await client().zone('shop.example')).replies[0]!.soa).toMatch(/^ns\.shop\.example hostmaster/)
    expect(asked).toEqual([
      [0, 6],
      [0, 6],
    ])
  })

  it('finds servers that resolvers cannot name by following the delegation from above', async () => {
    const servers = { [A]: () => referralTo('shop.example', { 'ns1.shop.example': B }), [B]: () => REFUSED }
    const { client } = await serve(servers, { example: ['a.example'] }, { 'a.example': A })
    expect(await client().zone('shop.example')).toMatchObject({
      zone: 'shop.example',
      replies: [{ host: 'ns1.shop.example', address: B, outcome: 'refused' }],
      verdict: 'broken',
    })
  })

  it('does not blame the zone when the servers above it refuse', async () => {
    const { client } = await serve({ [A]: () => REFUSED }, { example: ['a.example'] }, { 'a.example': A })
    expect(await client().zone('shop.example')).toMatchObject({ zone: 'example', verdict: 'unclear' })
  })

  it('does not take the address of a foreign host from the one who points there', async () => {
    const servers = { [A]: () => referralTo('shop.example', { 'ns.elsewhere.test': B }), [B]: () => REFUSED }
    const { client } = await serve(servers, { example: ['a.example'] }, { 'a.example': A })
    expect(await client().zone('shop.example')).toMatchObject({ zone: 'shop.example', replies: [], verdict: 'unclear' })
  })

  it('asks no inner address that is not allowed', async () => {
    const { client, started } = await serve({ [A]: () => REFUSED }, { 'shop.example': ['a.example'] }, { 'a.example': A })
    expect(await client([]).zone('shop.example')).toMatchObject({ replies: [], verdict: 'unclear' })
    expect(started.get(A)!.asked).toEqual([])
  })

  it('says so when the resolvers know no zone at all', async () => {
    const { client } = await serve({ [A]: () => REFUSED }, {})
    expect(await client().zone('shop.example')).toEqual({ zone: null, replies: [], leftOut: 0, verdict: 'unclear' })
  })
})

describe('a hostile delegation', () => {
  it('of a hundred servers is asked at six of them, and proves nothing', async () => {
    const names = Array.from({ length: 100 }, (_, n) => `ns${n}.example`)
    const hosts = Object.fromEntries(names.map((name) => [name, A]))
    const { client, started } = await serve({ [A]: () => REFUSED }, { 'shop.example': names }, hosts)
    expect(await client().zone('shop.example')).toMatchObject({ leftOut: 94, verdict: 'unclear' })
    expect(started.get(A)!.asked).toHaveLength(6)
  })

  it.each<[string, Zone]>([
    ['to itself', () => referralTo('example', { 'a.example': A })],
    ['to its parent', () => referralTo('', { 'a.example': A })],
    ['to a sibling', () => referralTo('other.example', { 'a.example': A })],
  ])('that leads %s ends at once', async (_where, zone) => {
    const { client, started } = await serve({ [A]: zone }, { example: ['a.example'] }, { 'a.example': A })
    expect((await client().zone('shop.example')).verdict).toBe('unclear')
    expect(started.get(A)!.asked).toHaveLength(1)
  })

  it('that is endlessly deep is left after six steps', async () => {
    const labels = 'a.b.c.d.e.f.g.h.i.j.k.example'.split('.')
    let depth = 1
    const zone: Zone = () => referralTo(labels.slice(-++depth).join('.'), { 'a.example': A })
    const { client, started } = await serve({ [A]: zone }, { example: ['a.example'] }, { 'a.example': A })
    expect((await client().zone(labels.join('.'))).verdict).toBe('unclear')
    expect(started.get(A)!.asked).toHaveLength(7)
  })

  it('to names that do not resolve is left', async () => {
    const { client } = await serve({ [A]: () => REFUSED }, { 'shop.example': ['gone.example', 'nowhere.test'] })
    expect(await client().zone('shop.example')).toMatchObject({ zone: 'shop.example', replies: [], verdict: 'unclear' })
  })
})
