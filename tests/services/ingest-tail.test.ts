import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  rename,
  rm,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tail, type TailCursor, type TailLine, testTail } from '#server/services/ingest/tail'
import { OcisAuditLog } from '../../world/ocis/audit-log'

let dir: string
let path: string
let cursor: TailCursor | undefined
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigia-tail-'))
  path = join(dir, 'audit.log')
  cursor = undefined
})
afterEach(() => rm(dir, { recursive: true, force: true }))

/** Reads on as a source does: the cursor goes through JSON, as through the database. */
async function look(slices = Infinity): Promise<TailLine[]> {
  const lines: TailLine[] = []
  for await (const slice of tail(path, cursor)) {
    lines.push(...slice.lines)
    cursor = JSON.parse(JSON.stringify(slice.cursor)) as TailCursor
    if (--slices === 0) break
  }
  return lines
}
const texts = async (slices?: number) => (await look(slices)).map(({ text }) => text)
const write = (text: string | Buffer) => appendFile(path, text)
const rotate = (how: 'create' | 'copytruncate') => new OcisAuditLog(path).rotate(how)

describe('a followed log', () => {
  it('is read from its first line, and on from where it was read to', async () => {
    await write('a\nb\n')
    expect(await texts()).toEqual(['a', 'b'])
    expect(await texts()).toEqual([])
    await write('c\n')
    expect(await texts()).toEqual(['c'])
  })

  it('gives half a line only when it is whole', async () => {
    await write('a\nhalf')
    expect(await texts()).toEqual(['a'])
    await write(' and whole\n')
    expect(await texts()).toEqual(['half and whole'])
  })

  it('gives each line its place, its length in bytes and its digest', async () => {
    await write('é\n\nb\n')
    expect(await look()).toMatchObject([
      { offset: 0, length: 2, text: 'é', digest: '4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c' },
      { offset: 3, length: 0, text: '' },
      { offset: 4, length: 1, text: 'b' },
    ])
  })

  it('gives of a line of five megabytes, and of one that is not UTF-8, place and digest alone', async () => {
    await write(`a\n${'x'.repeat(5_000_000)}\n`)
    await write(Buffer.from([0xc3, 0x28, 10]))
    await write('b\n')
    expect((await look()).map(({ length, text }) => [length, text])).toEqual([
      [1, 'a'],
      [5_000_000, null],
      [2, null],
      [1, 'b'],
    ])
  })

  it('does not read a file without any line feed anew for ever', async () => {
    await write(Buffer.alloc(40 * 1024 * 1024, 'x'))
    expect((await look()).map(({ length, text }) => [length, text])).toEqual([
      [16 * 1024 * 1024, null],
      [16 * 1024 * 1024, null],
    ])
    expect(await look()).toEqual([])
  })

  it('comes in slices, each with its cursor: what was not taken up comes again', async () => {
    await write(Array.from({ length: 1_000 }, (_, n) => `${n}\n`).join(''))
    const first = await texts(2)
    const before = cursor
    const second = await texts(1)
    cursor = before
    expect(await texts(1)).toEqual(second)
    const rest = await texts()
    expect([...first, ...second, ...rest]).toEqual(Array.from({ length: 1_000 }, (_, n) => `${n}`))
  })
})

describe.each(['create', 'copytruncate'] as const)('rotation by %s', (how) => {
  it('loses no line that was written before it or after', async () => {
    await write('a\nb\n')
    expect(await texts()).toEqual(['a', 'b'])
    await write('c\n')
    await rotate(how)
    await write('d\n')
    expect(await texts()).toEqual(['c', 'd'])
    await write('e\n')
    expect(await texts()).toEqual(['e'])
    expect(cursor!.gaps).toBe(0)
  })

  it('may happen several times between two looks', async () => {
    await write('a\nb\n')
    expect(await texts()).toEqual(['a', 'b'])
    for (const line of ['c', 'd', 'e', 'f']) {
      await write(`${line}\n`)
      await rotate(how)
    }
    await write('g\n')
    expect(await texts()).toEqual(['c', 'd', 'e', 'f', 'g'])
    expect(cursor!.gaps).toBe(0)
  })

  it('may happen at every look', async () => {
    const read: (string | null)[] = []
    for (let n = 0; n < 12; n++) {
      await write(`${n}a\n`)
      if (n % 3 !== 1) read.push(...(await texts()))
      await write(`${n}b\n`)
      await rotate(how)
      await write(`${n}c\n`)
      read.push(...(await texts()))
    }
    expect(read).toEqual(Array.from({ length: 12 }, (_, n) => [`${n}a`, `${n}b`, `${n}c`]).flat())
    expect(cursor!.gaps).toBe(0)
  })

  it('finds nothing at the path for a while, and says so after all was read', async () => {
    await write('a\n')
    await look()
    await write('b\n')
    await rotate(how)
    if (how === 'copytruncate') await unlink(path)
    const lines: (string | null)[] = []
    const looking = async () => {
      for await (const slice of tail(path, cursor)) {
        lines.push(...slice.lines.map(({ text }) => text))
        cursor = slice.cursor
      }
    }
    await expect(looking()).rejects.toMatchObject({ token: 'not-found' })
    expect(lines).toEqual(['b'])
    await write('c\n')
    expect(await texts()).toEqual(['c'])
  })

  it('tells two lines apart that are the same byte for byte, wherever they stand', async () => {
    await write('same\nsame\n')
    const lines = await look()
    await rotate(how)
    await write('more\nsame\n')
    lines.push(...(await look()))
    await rotate(how)
    await write('less\nsame\n')
    lines.push(...(await look()))
    expect(new Set(lines.map(({ file, offset }) => `${file} ${offset}`)).size).toBe(6)
  })

  it('gives a line that nobody finished when its file is let go, as unfinished', async () => {
    await write('a\nhalf')
    await look()
    const lines: TailLine[] = []
    for (let n = 0; n < 4; n++) {
      await rotate(how)
      await write(`${n}\n`)
      lines.push(...(await look()))
    }
    expect(lines.filter(({ complete }) => !complete)).toMatchObject([{ text: 'half', offset: 2, length: 4 }])
    expect(lines.filter(({ complete }) => complete).map(({ text }) => text)).toEqual(['0', '1', '2', '3'])
  })
})

describe('what stands beside a log', () => {
  it('is of another time when the log is read for the first time', async () => {
    await writeFile(`${path}.1`, 'old\n')
    await write('a\n')
    expect(await texts()).toEqual(['a'])
    expect(await texts()).toEqual([])
  })

  it('is not read when it is a copy that somebody makes, not even while it is being made', async () => {
    await write('a\nb\n')
    await look()
    await writeFile(`${path}.1`, '')
    expect(await texts()).toEqual([])
    await appendFile(`${path}.1`, 'a\n')
    expect(await texts()).toEqual([])
    await copyFile(path, `${path}.1`)
    expect(await texts()).toEqual([])
    await write('c\n')
    expect(await texts()).toEqual(['c'])
    await truncate(path, 0)
    await write('d\n')
    expect(await texts()).toEqual(['d'])
  })

  it('is not read when it is an old one that somebody unpacked', async () => {
    await write('a\n')
    await look()
    await writeFile(`${path}.3`, 'old\n')
    await utimes(`${path}.3`, new Date(), new Date(Date.now() - 86_400_000))
    expect(await texts()).toEqual([])
    await utimes(`${path}.3`, new Date(), new Date())
    expect(await texts()).toEqual([])
  })

  it('is read by the cursor of a version that did not remember when the log was written', async () => {
    await write('a\n')
    await look()
    const { writtenMs: _, ...older } = cursor!
    cursor = older as TailCursor
    await rename(path, `${path}.2`)
    await write('b\n')
    await rename(path, `${path}.1`)
    await write('c\n')
    expect(await texts()).toEqual(['b', 'c'])
  })

  it('is not read when it is no rotated file of this log', async () => {
    await write('a\n')
    await look()
    for (const name of ['audit.log.bak', 'audit.log.1.gz', 'other.log.1', 'audit.logs']) await writeFile(join(dir, name), 'x\n')
    expect(await texts()).toEqual([])
  })

  it('is read when it is named by a date, also before the ending', async () => {
    await write('a\n')
    await look()
    await rename(path, join(dir, 'audit.log-20260301'))
    await write('b\n')
    await rename(path, join(dir, 'audit-2026-03-02.log'))
    await write('c\n')
    expect(await texts()).toEqual(['b', 'c'])
  })
})

describe('a log that went on in a way that may have lost lines', () => {
  it.each([
    ['was emptied without a copy', () => truncate(path, 0)],
    ['was removed', () => unlink(path)],
    ['was written anew', () => writeFile(path, 'other\n'.repeat(10))],
  ])('%s: it is read from its beginning, and the gap is counted', async (_, happens) => {
    await write('a\nb\n')
    await look()
    await happens()
    await write('c\n')
    expect((await texts()).at(-1)).toBe('c')
    expect(cursor!.gaps).toBe(1)
    expect(await texts()).toEqual([])
    expect(cursor!.gaps).toBe(1)
  })
})

describe('in place of the log', () => {
  it('nothing stands', async () => {
    await expect(look()).rejects.toMatchObject({ token: 'not-found' })
    await expect(testTail(path)).rejects.toMatchObject({ token: 'not-found' })
  })

  it('a folder stands, and then the log again', async () => {
    await write('a\n')
    await look()
    await rename(path, `${path}.1`)
    await mkdir(path)
    await expect(look()).rejects.toMatchObject({ token: 'not-a-file' })
    await expect(testTail(path)).rejects.toMatchObject({ token: 'not-a-file' })
    await rm(path, { recursive: true })
    await write('b\n')
    expect(await texts()).toEqual(['b'])
    await testTail(path)
  })

  it('a file stands in place of its folder', async () => {
    await writeFile(join(dir, 'file'), '')
    path = join(dir, 'file', 'audit.log')
    await expect(look()).rejects.toMatchObject({ token: 'not-found' })
  })

  // Root may read everything: there the case is told by the folder of a link that leads in a circle.
  it('something stands that may not be read', async () => {
    await write('a\n')
    await chmod(path, 0o000)
    if (process.getuid!() === 0) {
      await rm(path)
      await symlink(path, path)
    }
    await expect(look()).rejects.toMatchObject({ token: 'unreadable' })
    await expect(testTail(path)).rejects.toMatchObject({ token: 'unreadable' })
  })
})
