import { describe, expect, it } from 'vitest'
import { BodyRoom } from './body-room'

const turn = () => new Promise((done) => setImmediate(done))

function room(bytes: number, kept = 0) {
  const it = new BodyRoom(bytes, kept)
  const entered: string[] = []
  const leave: Record<string, () => void> = {}
  const enter = (name: string, address: string, size: number) =>
    void it.enter(address, size).then((free) => {
      entered.push(name)
      leave[name] = free
    })
  return { enter, entered, leave, believe: (address: string) => it.believe(address) }
}

describe('the room for bodies', () => {
  it('lets in what fits, and the rest when there is room again; nobody overtakes', async () => {
    const { enter, entered, leave } = room(10)
    enter('a', '192.0.2.1', 6)
    enter('b', '192.0.2.2', 6)
    enter('c', '192.0.2.3', 4)
    await turn()
    expect(entered).toEqual(['a'])
    leave.a!()
    await turn()
    expect(entered).toEqual(['a', 'b', 'c'])
  })

  it('prefers who had no turn for the longest time', async () => {
    const { enter, entered, leave } = room(10)
    enter('flood 1', '192.0.2.1', 10)
    enter('flood 2', '192.0.2.1', 10)
    enter('flood 3', '192.0.2.1', 10)
    enter('sender', '192.0.2.9', 10)
    await turn()
    leave['flood 1']!()
    await turn()
    expect(entered).toEqual(['flood 1', 'sender'])
  })

  it('keeps room for who was right before, and lets them in first', async () => {
    const { enter, entered, leave, believe } = room(30, 10)
    believe('192.0.2.9')
    for (const n of [1, 2, 3]) enter(`stranger ${n}`, `192.0.2.${n}`, 10)
    enter('sender', '192.0.2.9', 10)
    enter('sender again', '192.0.2.9', 10)
    await turn()
    expect(entered).toEqual(['stranger 1', 'stranger 2', 'sender'])
    leave['stranger 1']!()
    await turn()
    expect(entered.at(-1)).toBe('sender again')
  })

  it('lets one address in several times where there is room', async () => {
    const { enter, entered } = room(10)
    enter('a', '192.0.2.1', 4)
    enter('b', '192.0.2.1', 4)
    await turn()
    expect(entered).toEqual(['a', 'b'])
  })
})
