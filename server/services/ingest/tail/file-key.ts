import { createHash } from 'node:crypto'
import { constants, type BigIntStats } from 'node:fs'
import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'

/** Device, inode and birth: a file keeps it when it is renamed, and an inode that is used again does not bring it back. */
export type FileKey = string

export interface FoundFile {
  path: string
  key: FileKey
  size: number
  modifiedMs: number
}

const MARK_BYTES = 1024

const found = (path: string, stats: BigIntStats): FoundFile => ({
  path,
  key: keyOf(stats),
  size: Number(stats.size),
  modifiedMs: Number(stats.mtimeMs),
})

const keyOf = ({ dev, ino, birthtimeMs }: BigIntStats): FileKey => `${dev}-${ino}-${birthtimeMs}`

/** The file at a path, what it is besides, or null when there is nothing. */
export async function lookAt(path: string): Promise<FoundFile | 'not-a-file' | null> {
  try {
    const stats = await stat(path, { bigint: true })
    return stats.isFile() ? found(path, stats) : 'not-a-file'
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

/**
 * The files that rotation left beside a log, oldest first: its name with a number or a date after it (`audit.log.1`,
 * `audit.log-20260301`) or before its ending. Compressed ones are not among them.
 */
export async function rotatedBeside(path: string): Promise<FoundFile[]> {
  const [folder, base, ending] = [dirname(path), basename(path), extname(path)]
  const stem = base.slice(0, base.length - ending.length)
  const isRotated = (name: string) =>
    isCount(name, base, '') || (ending !== '' && name.endsWith(ending) && isCount(name, stem, ending))
  const names = (await readdir(folder).catch(() => [])).filter((name) => name !== base && isRotated(name))
  const files = await Promise.all(names.map((name) => lookAt(join(folder, name)).catch(() => null)))
  return files.filter((file) => file !== null && file !== 'not-a-file').sort(byAge)
}

const isCount = (name: string, before: string, after: string) =>
  name.startsWith(before) && /^[.-]\d[\dTZ_.-]*$/.test(name.slice(before.length, name.length - after.length))

/** Of two of the same moment the one with the higher number is the older one. */
const byAge = (a: FoundFile, b: FoundFile) =>
  a.modifiedMs - b.modifiedMs || b.path.localeCompare(a.path, undefined, { numeric: true })

/** The files were moved or emptied while they were looked at: the next look finds where they are. */
export class Moved extends Error {}

/**
 * Opens a file for reading; never waits, whatever it is.
 * @throws Moved when it is gone, or another one stands there by now
 */
export async function openFile({ path, key }: Pick<FoundFile, 'path' | 'key'>): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new Moved() : error
  })
  const stats = await file.stat({ bigint: true })
  if (stats.isFile() && keyOf(stats) === key) return file
  await file.close()
  throw new Moved()
}

/** Whether two files that hold something begin with the same bytes, as far as both go. */
export async function beginAlike(a: FoundFile, b: FoundFile): Promise<boolean> {
  const [ofA, ofB] = [await beginningOf(a), await beginningOf(b)]
  const length = Math.min(ofA.length, ofB.length)
  return length > 0 && ofA.subarray(0, length).equals(ofB.subarray(0, length))
}

async function beginningOf(place: FoundFile): Promise<Buffer> {
  const file = await openFile(place)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MARK_BYTES), 0, MARK_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** A digest of what stands just before an offset: tells whether this is still the file, or a copy of it, that was read so far. */
export async function markAt(file: FileHandle, offset: number): Promise<string> {
  const from = Math.max(0, offset - MARK_BYTES)
  const bytes = Buffer.alloc(offset - from)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
  return createHash('sha256').update(bytes.subarray(0, bytesRead)).digest('hex').slice(0, 32)
}
