import { EVENTS_AT_ONCE, SourceFault } from '../contract'
import { lookAt, markAt, Moved, openFile } from './file-key'
import { follow, type FollowedFile, holds, type Following, NEW_TAIL, type TailCursor } from './follow'
import { isStillThere, type Line, readLines, readRest } from './read-lines'

export type { TailCursor } from './follow'

/** A line with where it stood: `file` and `offset` together name it for ever. */
export interface TailLine extends Line {
  file: string
  /** False when the file ended within it and is written no more. */
  complete: boolean
}

/** Lines, and the cursor that says that they were read. Both belong into one transaction. */
export interface TailSlice {
  lines: TailLine[]
  cursor: TailCursor
}

/** Files that rotation took away are followed so long: who held one open may still write into it. */
const ROTATED_FOLLOWED = 2
const FILE_FAULTS = new Set(['EACCES', 'EPERM', 'EIO', 'ENOENT', 'ESTALE', 'EISDIR', 'ELOOP', 'ENOTDIR'])
/** A log that rotates while it is looked at is looked at again; one that never stands still is no log. */
const LOOKS = 10

/**
 * Reads on in a log of lines, slice by slice, to the end that it has now. It survives rotation by rename and by copy and truncation, also
 * while it reads, a restart, half lines, and lines of any length. What is not taken up is read again from the cursor.
 * @param before the cursor of the last slice that was taken up; left out, it begins with the first line of the file
 * @throws SourceFault not-found, not-a-file, unreadable; what rotation took away is read before
 */
export async function* tail(path: string, before: TailCursor = NEW_TAIL): AsyncGenerator<TailSlice> {
  // A cursor of an earlier version does not say all of it.
  let cursor = { ...NEW_TAIL, ...before }
  for (let looks = 1; ; looks++)
    try {
      const following = await follow(path, cursor)
      for await (const slice of readAll(following, cursor)) {
        cursor = slice.cursor
        yield slice
      }
      if (following.missing) throw new SourceFault(following.missing)
      return
    } catch (error) {
      if (error instanceof Moved && looks < LOOKS) continue
      throw faultOf(error)
    }
}

async function* readAll(following: Following, before: TailCursor): AsyncGenerator<TailSlice> {
  let { cursor } = following
  if (JSON.stringify(cursor) !== JSON.stringify(before)) yield { lines: [], cursor }
  for (const file of cursor.files)
    for await (const { lines, file: read } of readOn(file, following)) {
      cursor = { ...cursor, files: cursor.files.map((one) => (one.id === read.id ? read : one)) }
      yield { lines, cursor }
    }
  // All of them were read to their end: those of long ago are let go.
  const left = following.missing ? ROTATED_FOLLOWED : ROTATED_FOLLOWED + 1
  for (const file of cursor.files.slice(0, -left)) {
    cursor = { ...cursor, files: cursor.files.filter(({ id }) => id !== file.id) }
    yield { lines: await unfinished(file, following), cursor }
  }
}

interface FileSlice {
  lines: TailLine[]
  file: FollowedFile
}

async function* readOn(from: FollowedFile, { places }: Following): AsyncGenerator<FileSlice> {
  const handle = await openFile(places.get(from.id)!)
  try {
    for (let file = from; ;) {
      const { lines, end } = await readLines(handle, file.offset, EVENTS_AT_ONCE)
      if (end === file.offset) return
      const mark = await markAt(handle, end)
      // Emptied while it was read, and perhaps filled again: these may be lines of two files, and the mark another one's.
      const isSame = (await isStillThere(handle, lines[0]!)) && (await isStillThere(handle, lines.at(-1)!))
      if (!isSame || !(await holds(handle, file)) || (await handle.stat()).size < end) throw new Moved()
      file = { ...file, offset: end, mark }
      yield { lines: lines.map((line) => ({ ...line, file: file.id, complete: true })), file }
    }
  } finally {
    await handle.close()
  }
}

/** The last line of a file that is let go, when it was never finished. */
async function unfinished(file: FollowedFile, { places }: Following): Promise<TailLine[]> {
  const handle = await openFile(places.get(file.id)!)
  try {
    const rest = await readRest(handle, file.offset)
    return rest ? [{ ...rest, file: file.id, complete: false }] : []
  } finally {
    await handle.close()
  }
}

/**
 * Whether the file can be read at all.
 * @throws SourceFault not-found, not-a-file, unreadable
 */
export async function testTail(path: string): Promise<void> {
  try {
    const found = await lookAt(path)
    if (found === null) throw new SourceFault('not-found')
    if (found === 'not-a-file') throw new SourceFault('not-a-file')
    await (await openFile(found)).close()
  } catch (error) {
    throw faultOf(error)
  }
}

/** What the file system says in its own words may hold a path: the token is told alone. What is no fault of the file stays as it is. */
function faultOf(error: unknown): unknown {
  const isOfFile = error instanceof Moved || FILE_FAULTS.has(String((error as NodeJS.ErrnoException | null)?.code))
  return isOfFile ? new SourceFault('unreadable') : error
}
