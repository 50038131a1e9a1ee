import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tail, type TailCursor } from '#server/services/ingest/tail'
import { OcisAuditLog } from '../../world/ocis/audit-log'

const ROUNDS = 100
const turn = () => new Promise((done) => setImmediate(done))

let dir: string
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'vigia-tail-'))))
afterEach(() => rm(dir, { recursive: true, force: true }))

it.each(['create', 'copytruncate'] as const)(
  'rotation by %s at any moment of a look loses no line and doubles none',
  async (how) => {
    const log = new OcisAuditLog(join(dir, 'audit.log'))
    const read: string[] = []
    let written = 0
    const write = async (lines: number) => {
      for (const last = written + lines; written < last; written++) await log.writeRaw(`${written}\n`)
    }
    let cursor: TailCursor | undefined
    const look = async () => {
      for await (const slice of tail(log.path, cursor)) {
        read.push(...slice.lines.map(({ text }) => text!))
        cursor = slice.cursor
      }
    }
    await write(1)
    await look()
    for (let round = 0; round < ROUNDS; round++) {
      if (round % 3 > 0) await write(round % 4)
      const looking = look().catch((error: unknown) => expect(error).toMatchObject({ token: 'not-found' }))
      for (let turns = round % 17; turns > 0; turns--) await turn()
      await log.rotate(how)
      await write(1 + (round % 3))
      await looking
      await rm(`${log.path}.4`, { force: true })
    }
    await look()
    expect(cursor!.gaps).toBe(0)
    expect(read.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: written }, (_, n) => n))
  },
)
