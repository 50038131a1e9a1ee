import { describe, expect, it } from 'vitest'
import { clientOf, NODATA, serve, serveRaw, T0, YES } from '../helpers/dns-client'
import { record, startDnsServer } from '../helpers/dns-server'

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

  it.each(['a..b', 'ünï.example', 'x'.repeat(64) + '.example', 'a\\.b.example', '', `${'abcdefg.'.repeat(32)}example`])(
    'never sends a name that cannot be asked for: %j',
    async (name) => {
      const server = await serve(() => YES)
      expect(await clientOf([server.address]).query(name, 'A')).toMatchObject({ outcome: 'formerr', replies: [] })
      expect(server.asked).toEqual([])
    },
  )

  it('asks for a name with a space, which a macro of SPF may lead to', async () => {
    const server = await serve(() => YES)
    await clientOf([server.address]).query('a b.example', 'A')
    expect(server.asked).toContain('udp a b.example/A')
  })

  it('asks for the root', async () => {
    const server = await serve(({ name }) => ({ answers: [record.ns(name, 'a.root-servers.net')] }))
    const answer = await clientOf([server.address]).query('.', 'NS')
    expect(answer).toMatchObject({ name: '.', outcome: 'answer', records: [{ name: '.', value: 'a.root-servers.net' }] })
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
