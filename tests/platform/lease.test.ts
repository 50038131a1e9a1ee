import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acquireLease, releaseLease, renewLease } from '#server/platform/lease'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'

const TTL = 20_000

describe('a lease', () => {
  let ctx: TestContext
  beforeEach(() => (ctx = testContext()))
  afterEach(() => ctx.close())

  it('is held by one owner at a time, and its fence grows with each new holder', async () => {
    expect(await acquireLease(ctx, 'checks', 'a', TTL)).toEqual({
      name: 'checks',
      owner: 'a',
      fence: 1,
      expiresAt: TEST_NOW + TTL,
    })
    expect(await acquireLease(ctx, 'checks', 'b', TTL)).toBeNull()
    ctx.setNow(TEST_NOW + TTL)
    expect(await acquireLease(ctx, 'checks', 'b', TTL)).toMatchObject({ owner: 'b', fence: 2 })
    expect(await acquireLease(ctx, 'checks', 'a', TTL)).toBeNull()
  })

  it('of another name is free', async () => {
    await acquireLease(ctx, 'checks', 'a', TTL)
    expect(await acquireLease(ctx, 'retention', 'b', TTL)).toMatchObject({ owner: 'b' })
  })

  it('is renewed by its owner under the same fence', async () => {
    const lease = await acquireLease(ctx, 'checks', 'a', TTL)
    ctx.setNow(TEST_NOW + TTL - 1)
    expect(await acquireLease(ctx, 'checks', 'a', TTL)).toMatchObject({ fence: 1, expiresAt: TEST_NOW + 2 * TTL - 1 })
    expect(await renewLease(ctx, lease!, TTL)).toMatchObject({ fence: 1 })
  })

  it('that ended gets a new fence even for the same owner: others may have worked in between', async () => {
    await acquireLease(ctx, 'checks', 'a', TTL)
    ctx.setNow(TEST_NOW + TTL + 1)
    expect(await acquireLease(ctx, 'checks', 'a', TTL)).toMatchObject({ fence: 2 })
  })

  it('cannot be renewed or released by who lost it', async () => {
    const old = await acquireLease(ctx, 'checks', 'a', TTL)
    ctx.setNow(TEST_NOW + TTL)
    const held = await acquireLease(ctx, 'checks', 'b', TTL)
    expect(await renewLease(ctx, old!, TTL)).toBeNull()
    await releaseLease(ctx, old!)
    expect(await acquireLease(ctx, 'checks', 'c', TTL)).toBeNull()
    expect(await renewLease(ctx, held!, TTL)).not.toBeNull()
  })

  it('that is released is free at once, and the fence still grows', async () => {
    const lease = await acquireLease(ctx, 'checks', 'a', TTL)
    await releaseLease(ctx, lease!)
    expect(await acquireLease(ctx, 'checks', 'b', TTL)).toMatchObject({ owner: 'b', fence: 2 })
  })

  it('does not block for hours after the clock was set back', async () => {
    await acquireLease(ctx, 'checks', 'a', TTL)
    ctx.setNow(TEST_NOW - 3_600_000)
    expect(await acquireLease(ctx, 'checks', 'b', TTL)).toMatchObject({ owner: 'b', fence: 2 })
  })

  it('goes to exactly one of many who ask at once', async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, (_, i) => acquireLease(ctx, 'checks', `p${i}`, TTL)))
    expect(asked.filter(Boolean)).toHaveLength(1)
  })
})
