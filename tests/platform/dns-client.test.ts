import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { createDnsClient, type DnsClientOptions } from '#server/platform/dns/client'
import { record, startDnsServer, startRawUdp, type TestDnsOptions, type Zone, type ZoneReply } from '../helpers/dns-server'

const closers: Array<() => Promise<unknown>> = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

async function serve(zone: Zone, options?: TestDnsOptions) {
  const server = await startDnsServer(zone, options)
  closers.push(server.close)
  return server
}

async function serveRaw(...args: Parameters<typeof startRawUdp>) {
  const server = await startRawUdp(...args)
  closers.push(server.close)
  return server
}

const T0 = Date.UTC(2026, 0, 1)
const clientOf = (servers: string[], options: Partial<DnsClientOptions> = {}) =>
  createDnsClient({ servers, now: () => T0, queryTimeoutMs: 2_000, ...options })

const NXDOMAIN: ZoneReply = { rcode: 3, authorities: [record.soa('example', 60)] }
const NODATA: ZoneReply = { authorities: [record.soa('example', 60)] }
const YES: ZoneReply = { answers: [record.a('host.example', '192.0.2.1')] }

describe('one resolver', () => {
  it('gives the records of the asked type, with names lower-case and without the trailing dot', async () => {
    const server = await serve(({ name }) => ({
      answers: [
        record.mx(name, 10, 'MX1.Example.'),
        record.mx(name, 20, 'mx2.example', 60),
        record.a('elsewhere.example', '192.0.2.9'),
      ],
    }))
    const answer = await clientOf([server.address]).query('Host.EXAMPLE.', 'MX')
    expect(answer).toMatchObject({
      name: 'host.example',
      type: 'MX',
      outcome: 'answer',
      ttl: 60,
      cached: false,
      askedAt: T0,
      singleResolver: true,
    })
    expect(answer.records).toEqual([
      { name: 'host.example', type: 'MX', ttl: 300, value: '10 mx1.example', exchange: 'mx1.example', preference: 10 },
      { name: 'host.example', type: 'MX', ttl: 60, value: '20 mx2.example', exchange: 'mx2.example', preference: 20 },
    ])
    expect(answer.replies).toEqual([
      { server: server.address, outcome: 'answer', tcp: false, ede: [], latencyMs: expect.any(Number) },
    ])
  })

  it.each([
    [1, 'formerr'],
    [2, 'servfail'],
    [3, 'nxdomain'],
    [4, 'notimp'],
    [5, 'refused'],
    [6, 'network'],
    [9, 'network'],
    [11, 'network'],
  ] as const)('turns RCODE %i into the outcome %s', async (rcode, outcome) => {
    const server = await serve(() => ({ rcode }))
    const answer = await clientOf([server.address]).query('host.example', 'A')
    expect(answer).toMatchObject({ outcome, records: [], cnames: [] })
    expect(answer.replies.map((reply) => reply.outcome)).toEqual([outcome, outcome])
  })

  it('reads the high bits of an extended RCODE, so that BADVERS is no NOERROR', async () => {
    const server = await serve(() => ({ additionals: [{ name: '', type: 41, class: 1232, ttl: 1 << 24, rdata: [] }] }))
    expect((await clientOf([server.address]).query('host.example', 'A')).outcome).toBe('network')
  })

  it('tells an empty answer from a name that is not there', async () => {
    const server = await serve(() => NODATA)
    expect((await clientOf([server.address]).query('host.example', 'A')).outcome).toBe('nodata')
  })

  it('does not take a referral for an empty answer', async () => {
    const server = await serve(() => ({ ra: 0, authorities: [record.ns('example', 'ns.example')] }))
    expect((await clientOf([server.address]).query('host.example', 'A')).outcome).toBe('refused')
  })

  it('times out on a silent server, having sent the question twice to each of its two tries', async () => {
    const server = await serve(() => null)
    const answer = await clientOf([server.address], { queryTimeoutMs: 300 }).query('host.example', 'A')
    expect(answer.outcome).toBe('timeout')
    expect(server.asked).toHaveLength(4)
  })

  it('survives one lost packet', async () => {
    let lost = 0
    const server = await serve(() => (lost++ === 0 ? null : YES))
    const answer = await clientOf([server.address]).query('host.example', 'A')
    expect(answer).toMatchObject({ outcome: 'answer', replies: [{ outcome: 'answer' }] })
  })

  it('calls a closed port a network fault', async () => {
    const server = await startDnsServer(() => null)
    await server.close()
    expect((await clientOf([server.address]).query('host.example', 'A')).outcome).toBe('network')
  })

  it.each([
    'a..b',
    'ünï.example',
    'x'.repeat(64) + '.example',
    'a\\.b.example',
    '',
    'a b.example',
    `${'abcdefg.'.repeat(32)}example`,
  ])('never sends a name that cannot be asked for: %j', async (name) => {
    const server = await serve(() => YES)
    expect(await clientOf([server.address]).query(name, 'A')).toMatchObject({ outcome: 'formerr', replies: [] })
    expect(server.asked).toEqual([])
  })

  it('asks for the root', async () => {
    const server = await serve(({ name }) => ({ answers: [record.ns(name, 'a.root-servers.net')] }))
    const answer = await clientOf([server.address]).query('.', 'NS')
    expect(answer).toMatchObject({ name: '.', outcome: 'answer', records: [{ name: '.', value: 'a.root-servers.net' }] })
  })
})

describe('forged and broken replies', () => {
  const goodReply = (request: Buffer) => {
    const reply = Buffer.from(request)
    reply[2]! |= 0x80
    return reply
  }

  it.each<[string, (request: Buffer) => Buffer]>([
    ['another id', (request) => Buffer.concat([Buffer.from([request[0]! ^ 0xff]), goodReply(request).subarray(1)])],
    ['another name', (request) => Buffer.from(goodReply(request)).fill('x', 13, 14)],
    ['another type', (request) => Buffer.from(goodReply(request)).fill(0x1c, request.length - 14, request.length - 13)],
    ['a question instead of a reply', (request) => request],
    ['no question, yet NOERROR', (request) => Buffer.from([...goodReply(request).subarray(0, 4), 0, 0, 0, 0, 0, 0, 0, 0])],
    ['three octets', () => Buffer.from([1, 2, 3])],
    ['nothing at all', () => Buffer.alloc(0)],
  ])('ignores %s and takes the true reply that follows', async (_what, forge) => {
    const server = await serveRaw((request, send) => {
      send(forge(request))
      const truth = goodReply(request)
      truth[3] = 0x85
      send(truth)
    })
    expect((await clientOf([server.address]).query('host.example', 'A')).outcome).toBe('refused')
  })

  it('says malformed when only such replies came', async () => {
    const server = await serveRaw((_request, send) => send(Buffer.from('garbage that is no DNS')))
    expect((await clientOf([server.address], { queryTimeoutMs: 150 }).query('host.example', 'A')).outcome).toBe('malformed')
  })

  it('ignores a true-looking reply from another address or port', async () => {
    const forger = await serveRaw(() => {})
    const server = await serveRaw((request, _send, from) => {
      const reply = goodReply(request)
      reply[3] = 0x83
      forger.send(reply, from.port, from.address)
    })
    expect((await clientOf([server.address], { queryTimeoutMs: 200 }).query('host.example', 'A')).outcome).toBe('timeout')
  })

  it('takes a refusal that leaves the question out', async () => {
    const server = await serveRaw((request, send) => {
      send(Buffer.from([request[0]!, request[1]!, 0x80, 0x05, 0, 0, 0, 0, 0, 0, 0, 0]))
    })
    expect((await clientOf([server.address]).query('host.example', 'A')).outcome).toBe('refused')
  })

  it('does not mind records of types that it does not know', async () => {
    const server = await serve(({ name }) => ({
      answers: [record.raw(name, 0x31, Buffer.alloc(3)), record.a(name, '192.0.2.1')],
    }))
    expect(await clientOf([server.address]).query('host.example', 'A')).toMatchObject({
      outcome: 'answer',
      records: [{ value: '192.0.2.1' }],
    })
  })

  it('calls an answer malformed whose data contradict their length', async () => {
    const server = await serveRaw((request, send) => {
      const threeOctets = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 3, 192, 0, 2])
      const reply = Buffer.concat([goodReply(request).subarray(0, request.length - 11), threeOctets])
      reply.writeUInt16BE(1, 6)
      reply.writeUInt16BE(0, 10)
      send(reply)
    })
    expect((await clientOf([server.address]).query('host.example', 'A')).outcome).toBe('malformed')
  })
})

describe('random bytes from the server', () => {
  const ask = async (forge: (request: Buffer) => Buffer) => {
    const server = await startRawUdp((request, send) => send(forge(request)))
    const answer = await clientOf([server.address], { queryTimeoutMs: 30 }).query('host.example', 'A')
    await server.close()
    return answer
  }

  it('never come to anything but a fault', async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      expect(['malformed', 'timeout']).toContain((await ask(() => Buffer.from(bytes))).outcome)
    })
    await fc.assert(property, { numRuns: 20 })
  })

  it('behind a true question never give an answer for another name', async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.nat(3), async (bytes, answers) => {
      const { records, outcome } = await ask((request) => {
        const reply = Buffer.concat([request.subarray(0, request.length - 11), bytes])
        reply.writeUInt16BE(0x8180, 2)
        reply.writeUInt16BE(answers, 6)
        reply.writeUInt16BE(0, 10)
        return reply
      })
      expect(outcome === 'answer' && records.every((found) => found.name !== 'host.example')).toBe(false)
    })
    await fc.assert(property, { numRuns: 200 })
  })
})

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

describe('giving up', () => {
  it('answers a caller who has given up already, without asking', async () => {
    const server = await serve(() => YES)
    const answer = await clientOf([server.address]).query('host.example', 'A', { signal: AbortSignal.abort() })
    expect(answer).toMatchObject({ outcome: 'timeout', replies: [] })
    expect(server.asked).toEqual([])
  })

  it.each([false, true])('stops at once when the caller gives up (over TCP: %s)', async (tcp) => {
    const giveUp = new AbortController()
    const server = await serve((question) => {
      if (tcp && !question.tcp) return { tc: 1 }
      giveUp.abort()
      return null
    })
    const answer = await clientOf([server.address], { queryTimeoutMs: 60_000 }).query('host.example', 'A', {
      signal: giveUp.signal,
    })
    expect(answer.outcome).toBe('timeout')
  })

  it('goes on for the others when one of several callers gives up', async () => {
    const giveUp = new AbortController()
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const raw = await serveRaw(async (request, send) => {
      giveUp.abort()
      await held
      const reply = Buffer.from(request)
      reply[2]! |= 0x80
      reply[3] = 0x05
      send(reply)
    })
    const client = clientOf([raw.address])
    const [impatient, patient] = [client.query('host.example', 'A', { signal: giveUp.signal }), client.query('host.example', 'A')]
    expect((await impatient).outcome).toBe('timeout')
    release()
    expect((await patient).outcome).toBe('refused')
  })
})
