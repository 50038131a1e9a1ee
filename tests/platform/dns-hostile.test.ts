import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createDnsClient } from '#server/platform/dns/client'
import { evaluateDnsMx } from '#server/services/checks/evaluate/dns-mx'
import { dnsMx } from '#server/services/checks/collectors/dns-mx'
import { targetOf } from '../helpers/check-facts'
import { record, startDnsServer, type Zone } from '../helpers/dns-server'
import { dnsWorld } from '../reasons/contract'

const closers: Array<() => Promise<unknown>> = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

async function serve(zone: Zone) {
  const server = await startDnsServer(zone)
  closers.push(server.close)
  return server
}
const clientOf = (address: string, queryTimeoutMs = 4_000) =>
  createDnsClient({ servers: [address], now: () => 0, queryTimeoutMs })

/** A server that says "too big" over UDP, and over TCP does as told once it has got the question. */
async function serveTcp(talk: (socket: Socket, question: Buffer) => void) {
  const sockets = new Set<Socket>()
  const tcp = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('data', (question) => talk(socket, question.subarray(2)))
  })
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.2', resolve))
  const { port } = tcp.address() as { port: number }
  const udp = await startDnsServer(() => ({ tc: 1 }), { host: '127.0.0.2', port, tcp: false })
  closers.push(udp.close, () => {
    for (const socket of sockets) socket.destroy()
    return new Promise<void>((resolve) => tcp.close(() => resolve()))
  })
  return udp
}

/** A whole reply without records, with its length in front. */
function frame(question: Buffer): Buffer {
  const reply = Buffer.concat([Buffer.alloc(2), question])
  reply.writeUInt16BE(question.length)
  reply[4]! |= 0x80
  return reply
}

describe('answers that are too much', () => {
  it('of five hundred strings in one text are read whole', async () => {
    const strings = Array.from({ length: 500 }, (_, n) => `${n}`.padStart(100, '.'))
    const { address } = await serve(({ name }) => ({ answers: [record.txt(name, strings)] }))
    const answer = await clientOf(address).query('host.example', 'TXT')
    expect(answer).toMatchObject({ outcome: 'answer', replies: [{ tcp: true }] })
    expect(answer.records[0]!.strings).toEqual(strings)
    expect(answer.records[0]!.value).toHaveLength(50_000)
  })

  it('of nearly 64 KB are read whole', async () => {
    const { address } = await serve(({ name }) => ({
      answers: Array.from({ length: 60 }, (_, n) =>
        record.txt(name, [`${n} `, ...Array.from({ length: 4 }, () => 'x'.repeat(255))]),
      ),
    }))
    const answer = await clientOf(address).query('host.example', 'TXT')
    expect(answer.records).toHaveLength(60)
  })

  it('of five hundred mail hosts are judged by the first twenty', async () => {
    const server = await serve(({ name, type }) => {
      if (type === 15) return { answers: Array.from({ length: 500 }, (_, n) => record.mx(name, n, `mx${n}.example`)) }
      return type === 1 ? { answers: [record.a(name, '192.0.2.1')] } : { authorities: [record.soa('example', 60)] }
    })
    const target = targetOf({ mailHost: null, webmailHost: null })
    const seen = await dnsMx.collect(dnsWorld(clientOf(server.address)), target)
    expect(seen.mx.records).toHaveLength(500)
    expect(new Set(server.asked.map((one) => one.split(' ')[1])).size).toBe(1 + 2 * 20)
    const verdict = evaluateDnsMx(seen, target)
    expect(verdict).toMatchObject({ status: 'pass', reason: 'ok' })
    expect(JSON.stringify(verdict).length).toBeLessThan(20_000)
  })

  it('of bytes that are no text keep every octet', async () => {
    const octets = Buffer.from([0xff, 0xfe, 0x80, 0x00, 0xc3, 0x28])
    const { address } = await serve(({ name }) => ({ answers: [record.txt(name, [octets])] }))
    const answer = await clientOf(address).query('host.example', 'TXT')
    expect(Buffer.from(answer.records[0]!.value, 'latin1')).toEqual(octets)
  })
})

describe('a server that misbehaves over TCP', () => {
  it.each<[string, (socket: Socket, question: Buffer) => void, string]>([
    ['accepts and says nothing', () => {}, 'truncated'],
    ['hangs up', (socket) => socket.destroy(), 'truncated'],
    ['sends half a frame and hangs up', (socket, question) => socket.end(frame(question).subarray(0, 9)), 'truncated'],
    ['sends half a frame and waits', (socket, question) => socket.write(frame(question).subarray(0, 9)), 'truncated'],
    ['sends a byte now and then', (socket, question) => drip(socket, frame(question)), 'truncated'],
    ['announces nothing at all', (socket) => socket.write(Buffer.from([0, 0])), 'malformed'],
    ['sends without end', (socket) => flood(socket), 'malformed'],
    ['answers with "too big" again', (socket, question) => socket.write(cut(frame(question))), 'truncated'],
  ])('because it %s is told as such, within the deadline', async (_what, talk, outcome) => {
    const { address } = await serveTcp(talk)
    expect((await clientOf(address, 250).query('host.example', 'A')).outcome).toBe(outcome)
  })

  it('and cuts its frame into single bytes is understood all the same', async () => {
    const { address } = await serveTcp((socket, question) => {
      socket.setNoDelay(true)
      for (const octet of frame(question)) socket.write(Buffer.from([octet]))
    })
    expect((await clientOf(address).query('host.example', 'A')).outcome).toBe('nodata')
  })

  it('harms no other question', async () => {
    const [slow, good] = [await serveTcp(() => {}), await serve(({ name }) => ({ answers: [record.a(name, '192.0.2.1')] }))]
    const client = createDnsClient({ servers: [slow.address, good.address], now: () => 0, queryTimeoutMs: 200 })
    const answers = await Promise.all(['a', 'b', 'c'].map((name) => client.query(`${name}.example`, 'A')))
    expect(answers.map((answer) => answer.outcome)).toEqual(['answer', 'answer', 'answer'])
  })
})

describe('a zone that plays', () => {
  it('and answers differently each time gives each asker one whole answer', async () => {
    let turn = 0
    const { address } = await serve(({ name }) => ({ answers: [record.a(name, `192.0.2.${++turn}`, 0)] }))
    const client = clientOf(address)
    const [first, second] = [await client.query('host.example', 'A'), await client.query('host.example', 'A')]
    expect([first.records.length, second.records.length]).toEqual([1, 1])
    expect(second.records[0]!.value).not.toBe(first.records[0]!.value)
  })

  it('and says yes and no in turns is never an absence', async () => {
    let turn = 0
    const { address } = await serve(({ name }) =>
      turn++ % 2 === 0 ? { rcode: 3, authorities: [record.soa('example', 60)] } : { answers: [record.a(name, '192.0.2.1')] },
    )
    const answer = await clientOf(address).query('host.example', 'A')
    expect(answer).toMatchObject({ outcome: 'answer', disagree: true, singleResolver: true })
  })

  it('and has a record for every name answers in the name that was asked', async () => {
    const { address } = await serve(({ name }) => ({ answers: [record.txt(name, ['v=spf1 -all'])] }))
    const answer = await clientOf(address).query('s1._domainkey.host.example', 'TXT')
    expect(answer.records).toMatchObject([{ name: 's1._domainkey.host.example', value: 'v=spf1 -all' }])
  })
})

function drip(socket: Socket, octets: Buffer): void {
  let at = 0
  const timer = setInterval(() => (at < octets.length ? socket.write(octets.subarray(at, ++at)) : clearInterval(timer)), 100)
  socket.on('close', () => clearInterval(timer))
}

function flood(socket: Socket): void {
  const more = () => {
    while (!socket.destroyed && socket.write(Buffer.alloc(16_384, 0xff)));
  }
  socket.on('drain', more)
  more()
}

function cut(whole: Buffer): Buffer {
  whole[4]! |= 0x02
  return whole
}
