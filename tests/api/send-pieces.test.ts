import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, defineEventHandler, toNodeListener } from 'h3'
import { afterEach, describe, expect, it } from 'vitest'
import { sendPieces } from '#server/http/prepared'

let server: Server
afterEach(() => new Promise((closed) => server.close(closed)))

/** A server that sends these pieces, and the answer to a request that reads nothing by itself. */
async function answerOf(pieces: AsyncIterable<string>): Promise<IncomingMessage> {
  const app = createApp().use(
    defineEventHandler((event) => sendPieces(event, { contentType: 'text/plain', fileName: 'a.txt', pieces })),
  )
  server = createServer(toNodeListener(app))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return new Promise((resolve, reject) => request({ port, host: '127.0.0.1' }, resolve).once('error', reject).end())
}

describe('a file that is sent in pieces', () => {
  it('is made no faster than it is read, and no further when the reader goes away', async () => {
    let made = 0
    let left: () => void
    const ended = new Promise<void>((resolve) => (left = resolve))
    const pieces = async function* () {
      try {
        for (; made < 100_000; made++) yield 'x'.repeat(64 * 1024)
      } finally {
        left()
      }
    }
    const answer = await answerOf(pieces())
    for (let before = -1; before !== made;) {
      before = made
      await new Promise((done) => setTimeout(done, 100))
    }
    expect(made).toBeGreaterThan(0)
    expect(made).toBeLessThan(1_000)
    answer.destroy()
    await ended
    expect(made).toBeLessThan(1_000)
  })

  it('breaks off where its making fails, and does not look whole', async () => {
    const pieces = async function* () {
      yield 'first\n'
      await new Promise((done) => setImmediate(done))
      throw new Error('the disk is gone')
    }
    const answer = await answerOf(pieces())
    const read = async () => {
      for await (const _ of answer);
    }
    await expect(read()).rejects.toMatchObject({ code: 'ECONNRESET' })
  })
})
