import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { lookEverySoOften } from './looks'

describe('looking at what has happened', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  /** Looks whose answers the test gives, in the order in which they were asked for. */
  function looking(isWatched = () => true) {
    const answers: { give: (seen: string) => void; refuse: () => void }[] = []
    const told: string[] = []
    const looks = lookEverySoOften<string>({
      isWatched,
      look: () => new Promise((give, refuse) => answers.push({ give, refuse: () => refuse(new Error()) })),
      found: (seen) => told.push(seen),
      failed: () => told.push('failed'),
    })
    return { looks, answers, told }
  }

  it('asks once a second for whatever happens until then', async () => {
    const { looks, answers } = looking()
    for (let n = 0; n < 10; n++) looks.soon()
    await vi.advanceTimersByTimeAsync(999)
    expect(answers).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(answers).toHaveLength(1)
  })

  it('looks again by itself after a look that failed, and then no more', async () => {
    const { looks, answers, told } = looking()
    looks.soon()
    await vi.advanceTimersByTimeAsync(1_000)
    answers[0]!.refuse()
    await vi.advanceTimersByTimeAsync(5_000)
    answers[1]!.give('page')
    await vi.advanceTimersByTimeAsync(60_000)
    expect([told, answers.length]).toEqual([['failed', 'page'], 2])
  })

  it('believes the newest look alone', async () => {
    const { looks, answers, told } = looking()
    for (let n = 0; n < 2; n++) {
      looks.soon()
      await vi.advanceTimersByTimeAsync(1_000)
    }
    answers[1]!.give('new')
    answers[0]!.give('old')
    await vi.advanceTimersByTimeAsync(0)
    expect(told).toEqual(['new'])
  })

  it('does not try again what nobody watches', async () => {
    let watches = true
    const { looks, answers } = looking(() => watches)
    looks.soon()
    await vi.advanceTimersByTimeAsync(1_000)
    watches = false
    answers[0]!.refuse()
    await vi.advanceTimersByTimeAsync(60_000)
    watches = true
    looks.soon()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(answers).toHaveLength(2)
  })

  it.each(['forget', 'stop'] as const)('hears nothing of a look that fails after %s, and does not try it again', async (end) => {
    const { looks, answers, told } = looking()
    looks.soon()
    await vi.advanceTimersByTimeAsync(1_000)
    looks[end]()
    answers[0]!.refuse()
    await vi.advanceTimersByTimeAsync(60_000)
    expect([told, answers.length]).toEqual([[], 1])
  })
})
