import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import SQLite from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Db, openDatabase } from '#drizzle/client'
import { partners } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import { mutate } from '#server/services/audit'
import { recordedActions } from '../helpers/audit'
import { testContext, type TestContext } from '../helpers/context'

const insert = (tx: Db, id: string) => tx.insert(partners).values({ id, slug: id, name: id, createdAt: 0 })
const turn = () => new Promise<void>((done) => setImmediate(done))

describe('the one way to write', () => {
  let ctx: TestContext
  beforeEach(() => (ctx = testContext()))
  afterEach(() => ctx.close())
  const stored = async () => (await ctx.database.read.select().from(partners)).map((row) => row.id).sort()

  it('keeps the work of one writer when another one fails beside it', async () => {
    const good = transaction(ctx, async ({ tx }) => {
      await insert(tx, 'good-1')
      await turn()
      await insert(tx, 'good-2')
      return 'done'
    })
    const bad = transaction(ctx, async ({ tx }) => {
      await insert(tx, 'bad')
      await turn()
      throw new Error('on purpose')
    })
    await expect(bad).rejects.toThrow('on purpose')
    expect(await good).toBe('done')
    expect(await stored()).toEqual(['good-1', 'good-2'])
  })

  it('lets those who wait together share commits, and a failing one among them takes nothing with it', async () => {
    let commits = 0
    ctx.database.onCommit(() => commits++)
    const ids = Array.from({ length: 60 }, (_, n) => (n % 3 === 2 ? 'p0' : `p${n}`))
    const results = await Promise.allSettled(ids.map((id) => transaction(ctx, async ({ tx }) => void (await insert(tx, id)))))
    expect(results.map((result) => result.status)).toEqual(ids.map((_, n) => (n % 3 === 2 ? 'rejected' : 'fulfilled')))
    expect(await stored()).toHaveLength(40)
    expect(commits).toBeLessThan(40)
  })

  it('lets work that must keep pace go next, and stops nobody by it', async () => {
    const order: string[] = []
    const note = (name: string) => () => Promise.resolve(void order.push(name))
    const waiting = ['a', 'b', 'c', 'd'].map((name) => transaction(ctx, note(name)))
    const pace = async () => {
      for (let n = 1; n <= 3; n++) await transaction(ctx, note(`next ${n}`), 'next')
    }
    await Promise.all([pace(), ...waiting])
    expect(order.slice(0, 2)).toEqual(['a', 'next 1'])
    expect([...order].sort()).toEqual(['a', 'b', 'c', 'd', 'next 1', 'next 2', 'next 3'])
    // Alone, asked for in an empty queue, it runs as anything does.
    await transaction(ctx, note('alone'), 'next')
    expect(order.at(-1)).toBe('alone')
  })

  it('shows a body its own writes, and nobody else before the commit', async () => {
    await transaction(ctx, async ({ tx, db }) => {
      await insert(tx, 'a')
      expect(await db.select().from(partners)).toHaveLength(1)
      expect(await stored()).toEqual([])
    })
    expect(await stored()).toEqual(['a'])
  })

  it('lets a nested call join: what is inside goes back with what is outside', async () => {
    const outer = transaction(ctx, async (inside) => {
      await transaction(inside, async ({ tx }) => void (await insert(tx, 'inner')))
      throw new Error('on purpose')
    })
    await expect(outer).rejects.toThrow('on purpose')
    expect(await stored()).toEqual([])
  })

  it('takes a write that is asked for in the very turn in which another one ends', async () => {
    for (let n = 0; n < 50; n++) await transaction(ctx, async ({ tx }) => void (await insert(tx, `p${n}`)))
    expect(await stored()).toHaveLength(50)
  })

  it('rolls back a body that takes too long, refuses what it says later, and goes on', async () => {
    let release!: () => void
    const held = new Promise<void>((done) => (release = done))
    let late: Promise<unknown> | undefined
    const slow = transaction(ctx, async ({ tx }) => {
      await insert(tx, 'slow')
      late = held.then(() => insert(tx, 'late'))
      await late
    })
    await expect(slow).rejects.toMatchObject({ token: 'INTERNAL', message: expect.stringMatching(/too long/) })
    const next = transaction(ctx, async ({ tx }) => {
      await insert(tx, 'next')
      release()
      await expect(late).rejects.toThrow()
    })
    await next
    expect(await stored()).toEqual(['next'])
  })

  it('writes nothing more for a body whose transaction SQLite has ended, whatever the body makes of the error', async () => {
    const beside = transaction(ctx, async ({ tx }) => void (await insert(tx, 'beside')))
    const ended = transaction(ctx, async ({ tx }) => {
      await insert(tx, 'a')
      // As on a full disk: the error takes the whole transaction with it.
      await expect((async () => tx.run(sql`insert or rollback into partners select * from partners`))()).rejects.toThrow()
      await insert(tx, 'b')
    })
    await expect(ended).rejects.toMatchObject({ token: 'INTERNAL' })
    await expect(beside).rejects.toThrow()
    expect(await stored()).toEqual([])
    await transaction(ctx, async ({ tx }) => void (await insert(tx, 'next')))
    expect(await stored()).toEqual(['next'])
  })

  it('leaves neither row nor event when the body fails, or when the event cannot be written', async () => {
    const failing = mutate(ctx, 'partner.created', async ({ tx }) => {
      await insert(tx, 'a')
      throw new Error('on purpose')
    })
    await expect(failing).rejects.toThrow('on purpose')
    const unwritable = mutate(ctx, 'partner.created', async ({ tx }) => {
      await insert(tx, 'b')
      return { value: null, events: [{ resource: { type: 'partner', id: 'b' }, data: { name: 'lone \ud800' } }] }
    })
    await expect(unwritable).rejects.toMatchObject({ token: 'VALIDATION' })
    expect(await stored()).toEqual([])
    expect(await recordedActions(ctx)).toEqual([])
  })

  it.runIf(process.platform === 'linux')(
    'keeps what it could bring back in memory, not in files outside of the data folder',
    async () => {
      const rows = Array.from({ length: 3_000 }, (_, n) => ({ id: `p${n}`, slug: `p${n}`, name: 'x'.repeat(100), createdAt: 0 }))
      await transaction(ctx, async ({ tx }) => void (await tx.insert(partners).values(rows)))
      const open = await transaction(ctx, async ({ tx }) => {
        await tx.update(partners).set({ name: 'y'.repeat(100) })
        return readdirSync('/proc/self/fd').flatMap(fileOfDescriptor)
      })
      expect(open).toContain(ctx.database.file)
      expect(open.filter((file) => file.includes('etilqs'))).toEqual([])
    },
  )

  it('lets requests and timers come between those who share a commit', async () => {
    const order: string[] = []
    const long = (name: string) => {
      for (const startedAt = performance.now(); performance.now() - startedAt < 6;);
      return Promise.resolve(void order.push(name))
    }
    const bodies = ['a', 'b', 'c'].map((name) => transaction(ctx, () => long(name)))
    setImmediate(() => order.push('a request'))
    await Promise.all(bodies)
    expect(order).toEqual(['a', 'a request', 'b', 'c'])
  })

  it('lets them come between two commits, also where one writes on in the same turn', async () => {
    let turns = 0
    const count = () => void (turns++, (next = setImmediate(count)))
    let next = setImmediate(count)
    for (let n = 0; n < 20; n++) {
      await transaction(ctx, ({ tx }) => insert(tx, `a${n}`))
      for (let step = 0; step < 10; step++) await Promise.resolve()
    }
    clearImmediate(next)
    expect(turns).toBeGreaterThanOrEqual(19)
  })

  it('waits for another connection that holds the lock, without stopping anything else', async () => {
    const other = new SQLite(ctx.database.file)
    other.exec('BEGIN IMMEDIATE')
    const waiting = transaction(ctx, async ({ tx }) => void (await insert(tx, 'a')))
    for (let n = 0; n < 20; n++) await turn()
    expect(await stored()).toEqual([])
    other.exec('COMMIT')
    await waiting
    other.close()
    expect(await stored()).toEqual(['a'])
  })

  it('answers BACKPRESSURE when the lock is held for too long, and works again afterwards', async () => {
    const other = new SQLite(ctx.database.file)
    other.exec('BEGIN IMMEDIATE')
    const refused = transaction(ctx, async ({ tx }) => void (await insert(tx, 'a')))
    await expect(refused).rejects.toMatchObject({ token: 'BACKPRESSURE', retryAfterMs: expect.any(Number) })
    other.exec('ROLLBACK')
    other.close()
    await transaction(ctx, async ({ tx }) => void (await insert(tx, 'b')))
    expect(await stored()).toEqual(['b'])
  })

  it('writes nothing while the database is lent, then what waited, and tells of what was lent as of a commit', async () => {
    let giveBack!: () => void
    let commits = 0
    ctx.database.onCommit(() => commits++)
    const lent = ctx.database.lend(() => new Promise<void>((done) => (giveBack = done)))
    const waiting = transaction(ctx, async ({ tx }) => void (await insert(tx, 'a')))
    for (let n = 0; n < 20; n++) await turn()
    expect([await stored(), commits]).toEqual([[], 0])
    giveBack()
    await lent
    expect(commits).toBe(1)
    await waiting
    expect([await stored(), commits]).toEqual([['a'], 2])
  })

  it('has the database back also from work that fails', async () => {
    await expect(ctx.database.lend(() => Promise.reject(new Error('on purpose')))).rejects.toThrow('on purpose')
    await transaction(ctx, async ({ tx }) => void (await insert(tx, 'a')))
    expect(await stored()).toEqual(['a'])
  })

  it('tells nobody of a commit in which nothing stands', async () => {
    let commits = 0
    ctx.database.onCommit(() => commits++)
    await expect(transaction(ctx, () => Promise.reject(new Error('on purpose')))).rejects.toThrow('on purpose')
    expect(commits).toBe(0)
  })

  it.runIf(process.platform === 'linux')('keeps its locks against other processes when it is opened once more', async () => {
    await transaction(ctx, async ({ tx }) => void (await insert(tx, 'a')))
    const before = locksOn(ctx.database.file)
    expect(before).toHaveLength(1)
    await openDatabase(ctx.database.file).close()
    expect(locksOn(ctx.database.file)).toEqual(before)
  })

  it('has no other way: the reading connection cannot write', async () => {
    await expect((async () => insert(ctx.database.read, 'a'))()).rejects.toMatchObject({ code: 'SQLITE_READONLY' })
    expect(await stored()).toEqual([])
  })

  it('is closed only when what was lent is back', async () => {
    const other = testContext()
    let giveBack!: () => void
    const lent = other.database.lend(() => new Promise<void>((done) => (giveBack = done)))
    let isClosed = false
    const closing = other.database.close().then(() => (isClosed = true))
    await expect(other.database.lend(() => Promise.resolve())).rejects.toMatchObject({ token: 'STORAGE_UNAVAILABLE' })
    for (let n = 0; n < 20; n++) await turn()
    expect(isClosed).toBe(false)
    giveBack()
    await Promise.all([lent, closing])
    await other.close()
  })

  it('finishes what is queued before it closes, and takes nothing afterwards', async () => {
    const other = testContext()
    const last = transaction(other, async ({ tx }) => void (await insert(tx, 'last')))
    const closing = other.database.close()
    await expect(transaction(other, async () => 1)).rejects.toMatchObject({ token: 'STORAGE_UNAVAILABLE' })
    await Promise.all([last, closing])
    const reopened = openDatabase(other.database.file)
    expect(await reopened.read.select().from(partners)).toHaveLength(1)
    await reopened.close()
  })
})

/** What the kernel knows: which kind, from which byte to which. */
function locksOn(file: string): string[] {
  const ofFile = new RegExp(`POSIX .*:${statSync(file).ino} `)
  return readFileSync('/proc/locks', 'utf8')
    .split('\n')
    .filter((line) => ofFile.test(line))
    .map((line) => line.replace(/^\d+: /, ''))
}

/** None when it was closed meanwhile. */
function fileOfDescriptor(descriptor: string): string[] {
  try {
    return [readlinkSync(`/proc/self/fd/${descriptor}`)]
  } catch {
    return []
  }
}
