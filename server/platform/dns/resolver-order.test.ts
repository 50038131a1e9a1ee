import { describe, expect, it } from 'vitest'
import { ResolverOrder } from './resolver-order'
import { parseServerAddress } from './server-address'

const [one, two] = [parseServerAddress('192.0.2.1'), parseServerAddress('192.0.2.2')]

function orderOf(servers = [one, two]) {
  const clock = { now: 0 }
  return { clock, order: new ResolverOrder(servers, () => clock.now) }
}

describe('the order of resolvers', () => {
  it('is the configured one while all reply, be it with refusals', () => {
    const { order } = orderOf()
    order.note(one, 'servfail')
    expect(order.pair()).toEqual([one, two])
  })

  it('puts a silent one last until it replies or half a minute has passed', () => {
    const { order, clock } = orderOf()
    order.note(one, 'timeout')
    expect(order.pair()).toEqual([two, one])
    order.note(one, 'refused')
    expect(order.pair()).toEqual([one, two])
    order.note(one, 'network')
    clock.now += 30_000
    expect(order.pair()).toEqual([one, two])
  })

  it('is as configured when all are silent', () => {
    const { order } = orderOf()
    order.note(two, 'timeout')
    order.note(one, 'timeout')
    expect(order.pair()).toEqual([one, two])
  })

  it('leaves a dead one out when there are others', () => {
    const three = parseServerAddress('192.0.2.3')
    const { order } = orderOf([one, two, three])
    order.note(one, 'timeout')
    expect(order.pair()).toEqual([two, three])
  })

  it('names the only one twice', () => {
    expect(orderOf([one]).order.pair()).toEqual([one, one])
  })

  it('shortens the try after three silent questions, and no longer once it has replied', () => {
    const { order } = orderOf()
    const timeouts = [1, 2, 3].map(() => {
      order.note(one, 'timeout')
      return order.timeoutFor(one, 4_000)
    })
    expect(timeouts).toEqual([4_000, 4_000, 1_000])
    expect(order.timeoutFor(two, 4_000)).toBe(4_000)
    expect(order.timeoutFor(one, 500)).toBe(500)
    order.note(one, 'answer')
    expect(order.timeoutFor(one, 4_000)).toBe(4_000)
  })
})
