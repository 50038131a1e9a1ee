import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientOf, serve, serveRaw } from '../helpers/dns-client'
import { record, startRawUdp } from '../helpers/dns-server'

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
