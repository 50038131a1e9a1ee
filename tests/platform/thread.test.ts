import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { partners } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import { Thread } from '#server/platform/thread'
import { testContext, type TestContext } from '../helpers/context'

const LONG_MS = 60_000
const running = (program: string) =>
  new Thread<string, string>(new URL(`data:text/javascript,${encodeURIComponent(program)}`), null)
const HANGING = 'for (;;);'
const LISTENING = `import { parentPort } from 'node:worker_threads'; parentPort.on('message', (said) => { `

let ctx: TestContext
beforeEach(() => (ctx = testContext()))
afterEach(() => ctx.close())

it('a thread answers one question after the other, and tells what went wrong with one', async () => {
  const thread = running(
    `${LISTENING} parentPort.postMessage(said === 'bad' ? { fault: 'it was bad' } : { answer: said + '!' }) })`,
  )
  expect(await thread.ask('one', LONG_MS)).toBe('one!')
  await expect(thread.ask('bad', LONG_MS)).rejects.toThrow('it was bad')
  const two = thread.ask('two', LONG_MS)
  await expect(thread.ask('at the same time', LONG_MS)).rejects.toThrow('at another question')
  expect(await two).toBe('two!')
  expect(thread.hasEnded).toBe(false)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  // It knows no end: so it is ended.
  const ended = thread.end()
  await vi.advanceTimersByTimeAsync(LONG_MS)
  vi.useRealTimers()
  await ended
  await expect(thread.ask('three', LONG_MS)).rejects.toThrow('The thread has ended')
})

it.each([
  ['ends while it is asked', `${LISTENING} process.exit(0) })`, 'The thread has ended'],
  ['cannot begin', `throw new Error('no luck')`, 'no luck'],
  ['fails outside of an answer', `${LISTENING} setImmediate(() => { throw new Error('afterwards') }) })`, 'afterwards'],
])('a thread that %s answers nobody any more', async (_, program, reason) => {
  const thread = running(program)
  await expect(thread.ask('something', LONG_MS)).rejects.toThrow(reason)
  expect(thread.hasEnded).toBe(true)
  await expect(thread.ask('more', LONG_MS)).rejects.toThrow(reason)
  await thread.end()
})

it('a thread that hangs while the database is lent to it gives it back, and the writes go on', async () => {
  const thread = running(HANGING)
  const lent = ctx.database.lend(() => thread.ask('slice', 50))
  const written = transaction(ctx, ({ tx }) => tx.insert(partners).values({ id: 'a', slug: 'a', name: 'a', createdAt: 0 }))
  await expect(lent).rejects.toThrow('does not answer')
  await written
  expect(await ctx.database.read.select().from(partners)).toHaveLength(1)
  expect(thread.hasEnded).toBe(true)
  await thread.end()
})
