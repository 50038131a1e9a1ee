import { describe, expect, it } from 'vitest'
import { clientOf, serveRaw } from '../helpers/dns-client'

const refusal = (request: Buffer) => {
  const reply = Buffer.from(request)
  reply[2]! |= 0x80
  reply[3] = 0x05
  return reply
}
const names = (count: number) => Array.from({ length: count }, (_, n) => `host-${n}.example`)

describe('the ports of questions', () => {
  it('are several, chosen by chance, and each has only so many questions', async () => {
    const ports = new Map<number, number>()
    const ids = new Set<number>()
    const server = await serveRaw((request, send, from) => {
      ports.set(from.port, (ports.get(from.port) ?? 0) + 1)
      ids.add(request.readUInt16BE())
      send(refusal(request))
    })
    const client = clientOf([server.address]).fresh()
    // Each is asked twice: a refusal needs a second word.
    for (const name of names(300)) await client.query(name, 'A')
    expect([...ports.values()].reduce((sum, count) => sum + count)).toBe(600)
    expect(Math.max(...ports.values())).toBeLessThanOrEqual(64)
    expect(ports.size).toBeGreaterThanOrEqual(8)
    expect(ids.size).toBeGreaterThan(500)
  })

  it('hear a second reply that comes late, and spoil no other question with it', async () => {
    const server = await serveRaw((request, send) => {
      if (request.includes('silent')) return
      send(refusal(request))
      setTimeout(() => send(refusal(request)), 20)
    })
    const client = clientOf([server.address], { queryTimeoutMs: 150 })
    const silent = Array.from({ length: 30 }, (_, n) => client.query(`silent-${n}.example`, 'A'))
    await Promise.all(names(30).map((name) => client.query(name, 'A')))
    const outcomes = (await Promise.all(silent)).map((answer) => answer.outcome)
    expect(new Set(outcomes)).toEqual(new Set(['timeout']))
  })

  it('give the replies to those who asked, in whatever order they come', async () => {
    const held: (() => void)[] = []
    const server = await serveRaw((request, send) => {
      const reply = refusal(request)
      if (request.includes('host-7')) reply[3] = 0x02
      held.push(() => send(reply))
      if (held.length >= 20) for (const say of held.splice(0).reverse()) say()
    })
    const client = clientOf([server.address])
    const answers = await Promise.all(names(20).map((name) => client.query(name, 'A')))
    expect(answers.map((answer) => answer.outcome)).toEqual(names(20).map((_, n) => (n === 7 ? 'servfail' : 'refused')))
  })
})
