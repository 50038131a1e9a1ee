import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchLoop } from './loop-watch'

describe('the watch over the event loop', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())
  let clock = 0
  /** Time that passes while timers come as they should. */
  const pass = (ms: number) => {
    for (const end = clock + ms; clock < end;) {
      clock += 50
      vi.advanceTimersByTime(50)
    }
  }

  it('sees nothing while timers come in time', () => {
    const lagMs = watchLoop(() => clock)
    pass(30_000)
    expect(lagMs()).toBe(0)
  })

  it('sees the delay that lasts just now, before its own timer has come', () => {
    const lagMs = watchLoop(() => clock)
    pass(1_000)
    clock += 3_250
    expect(lagMs()).toBe(3_000)
  })

  it('remembers a delay as long as a check may take, and then forgets it', () => {
    const lagMs = watchLoop(() => clock)
    pass(1_000)
    clock += 3_250
    vi.advanceTimersByTime(3_250)
    pass(10_000)
    expect(lagMs()).toBe(3_000)
    pass(20_000)
    expect(lagMs()).toBe(0)
  })
})
