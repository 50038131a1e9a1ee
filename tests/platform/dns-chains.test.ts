import { describe, expect, it } from 'vitest'
import { clientOf, NODATA, NXDOMAIN, serve, YES } from '../helpers/dns-client'
import { record, type Zone, type ZoneReply } from '../helpers/dns-server'

describe('truncation', () => {
  const big: ZoneReply = { answers: Array.from({ length: 20 }, (_, n) => record.txt('host.example', [`${n} `.padEnd(200, 'x')])) }

  it('asks again over TCP when the answer does not fit', async () => {
    const server = await serve(() => big)
    const answer = await clientOf([server.address]).query('host.example', 'TXT')
    expect(answer).toMatchObject({ outcome: 'answer', replies: [{ tcp: true }] })
    expect(answer.records).toHaveLength(20)
    expect(server.asked).toEqual(['udp host.example/TXT', 'tcp host.example/TXT'])
  })

  it('offers 1,232 octets, so that what fits needs no TCP', async () => {
    const server = await serve(() => ({ answers: big.answers!.slice(0, 5) }))
    const answer = await clientOf([server.address]).query('host.example', 'TXT')
    expect(answer).toMatchObject({ outcome: 'answer', replies: [{ tcp: false }] })
  })

  it('says truncated when TCP is refused', async () => {
    const server = await serve(() => big, { tcp: false })
    expect((await clientOf([server.address]).query('host.example', 'TXT')).outcome).toBe('truncated')
  })

  it('says truncated when TCP stays silent, within the one deadline', async () => {
    const server = await serve(({ tcp }) => (tcp ? null : big))
    expect((await clientOf([server.address], { queryTimeoutMs: 300 }).query('host.example', 'TXT')).outcome).toBe('truncated')
  })

  it('says truncated when even the answer over TCP is cut', async () => {
    const server = await serve(({ tcp }) => (tcp ? { ...YES, tc: 1 } : big))
    expect((await clientOf([server.address]).query('host.example', 'A')).outcome).toBe('truncated')
  })

  it('does not take a stranger’s reply over TCP', async () => {
    const server = await serve(({ tcp }) => (tcp ? Buffer.alloc(40) : big))
    expect((await clientOf([server.address]).query('host.example', 'TXT')).outcome).toBe('malformed')
  })

  it('reaches an IPv6 resolver over UDP and over TCP', async () => {
    const server = await serve(() => big, { host: '::1' })
    const answer = await clientOf([server.address]).query('host.example', 'TXT')
    expect(answer).toMatchObject({ outcome: 'answer', replies: [{ server: server.address, tcp: true }] })
    expect(server.asked).toEqual(['udp host.example/TXT', 'tcp host.example/TXT'])
  })
})

describe('CNAME chains', () => {
  it('follows a chain inside the answer', async () => {
    const chain = [
      record.cname('www.example', 'A.example', 30),
      record.cname('a.example', 'b.example'),
      record.a('b.example', '192.0.2.1'),
    ]
    const server = await serve(() => ({ answers: chain }))
    const answer = await clientOf([server.address]).query('www.example', 'A')
    expect(answer).toMatchObject({
      outcome: 'answer',
      cnames: ['a.example', 'b.example'],
      ttl: 30,
      records: [{ value: '192.0.2.1' }],
    })
    expect(server.asked).toHaveLength(1)
  })

  it('asks for the target itself when the server did not', async () => {
    const zone: Record<string, string> = { 'www.example': 'a.example', 'a.example': 'b.example' }
    const server = await serve(({ name }) => ({
      answers: zone[name] ? [record.cname(name, zone[name])] : [record.a(name, '192.0.2.1', 20)],
      ...{ ra: 0, aa: 1 },
    }))
    const answer = await clientOf([server.address]).query('www.example', 'A')
    expect(answer).toMatchObject({
      outcome: 'answer',
      cnames: ['a.example', 'b.example'],
      ttl: 20,
      records: [{ name: 'b.example' }],
    })
  })

  it('names the target of a CNAME that dangles', async () => {
    const server = await serve(() => ({ ...NXDOMAIN, answers: [record.cname('www.example', 'gone.example')] }))
    const answer = await clientOf([server.address]).query('www.example', 'A')
    expect(answer).toMatchObject({ outcome: 'nxdomain', cnames: ['gone.example'], records: [] })
  })

  it('says nodata when the target has no record of the type', async () => {
    const server = await serve(() => ({ ...NODATA, answers: [record.cname('www.example', 'a.example')] }))
    expect(await clientOf([server.address]).query('www.example', 'A')).toMatchObject({ outcome: 'nodata', cnames: ['a.example'] })
    expect(server.asked).toHaveLength(2)
  })

  it.each<[string, Zone]>([
    [
      'within one answer',
      () => ({ answers: [record.cname('www.example', 'a.example'), record.cname('a.example', 'www.example')] }),
    ],
    ['to itself', ({ name }) => ({ answers: [record.cname(name, name)] })],
    ['across answers', ({ name }) => ({ answers: [record.cname(name, name === 'a.example' ? 'www.example' : 'a.example')] })],
    ['without end', ({ name }) => ({ answers: [record.cname(name, `x${name}`)] })],
  ])('gives up on a loop %s', async (_where, zone) => {
    const server = await serve(zone)
    const answer = await clientOf([server.address]).query('www.example', 'A')
    expect(answer).toMatchObject({ outcome: 'servfail', records: [] })
    expect(server.asked.length).toBeLessThanOrEqual(18)
  })

  it('gives the CNAME itself to who asks for it', async () => {
    const server = await serve(() => ({ answers: [record.cname('www.example', 'a.example')] }))
    const answer = await clientOf([server.address]).query('www.example', 'CNAME')
    expect(answer).toMatchObject({ outcome: 'answer', cnames: [], records: [{ type: 'CNAME', value: 'a.example' }] })
  })
})
