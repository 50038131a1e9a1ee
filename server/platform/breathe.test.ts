import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { caughtUp } from './breathe'

describe('waiting until the process has caught up', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate'] }))
  afterEach(() => vi.useRealTimers())
  /** After how many turns the wait was over: the first is the timer's, and each was so long. */
  const turnsUntilOver = async (turnsMs: number[]) => {
    let [clock, over] = [0, false]
    void caughtUp(4, () => clock).then(() => (over = true))
    let turns = 0
    for (; !over && turns < turnsMs.length; turns++) {
      clock += turnsMs[turns]!
      vi.advanceTimersToNextTimer()
      // After all promises that can go on.
      await new Promise((done) => process.nextTick(done))
    }
    return over ? turns : 'never'
  }

  it('is one timer long while it comes in time', async () => {
    expect(await turnsUntilOver([5, 30])).toBe(1)
  })

  it('goes on while the process is behind, until it has caught up', async () => {
    expect(await turnsUntilOver([24, 9, 2, 0])).toBe(3)
  })

  it('ends on a machine where every turn is long', async () => {
    expect(await turnsUntilOver([24, 20, 20, 20])).toBe(3)
    expect(await turnsUntilOver([900, 900])).toBe(1)
  })
})
