import type { FileHandle } from 'node:fs/promises'
import { beginAlike, type FileKey, type FoundFile, lookAt, markAt, Moved, openFile, rotatedBeside } from './file-key'

/** How far a file was read. */
export interface FollowedFile {
  /** Its identity for ever, also when it is renamed or copied: what external ids are made of. */
  id: string
  key: FileKey
  /** How often this file was truncated before. */
  generation: number
  offset: number
  /** A digest of what stands before the offset. */
  mark: string
}

/** How far a log was read: its files, oldest first, and what stood beside it. */
export interface TailCursor {
  files: FollowedFile[]
  beside: FileKey[]
  /** How often the log went on in a way that may have lost lines: neither the file nor a copy of it was found again. */
  gaps: number
  /** When the file at the path was last written to before the last look, milliseconds. */
  writtenMs: number
}

export const NEW_TAIL: TailCursor = { files: [], beside: [], gaps: 0, writtenMs: 0 }

export interface Following {
  cursor: TailCursor
  /** Where each file of the cursor is now, by its id. */
  places: ReadonlyMap<string, FoundFile>
  /** Why there is no file at the path; null when there is one. */
  missing: 'not-found' | 'not-a-file' | null
}

/**
 * Finds the files of a log again after whatever rotation there was: by rename, once or often, or by copy and truncation. What is new
 * follows after what is known: files that came and went between two looks, then the one at the path.
 * @throws Moved when it rotates at this very moment; the error of the file system when the file may not be looked at
 */
export async function follow(path: string, before: TailCursor): Promise<Following> {
  const around = await lookAround(path)
  const { current, beside } = around
  const places = new Map<string, FoundFile>()
  const known: FollowedFile[] = []
  for (const file of before.files) {
    const place = await placeOf(file, current ? [current, ...beside] : beside)
    if (!place) continue
    known.push({ ...file, key: place.key })
    places.set(file.id, place)
  }
  const { unread, undecided } = await sort(unseen(before, known, beside), known, places)
  if (current && !known.some(({ key }) => key === current.key)) unread.push(current)
  const fresh = unread.map((file) => {
    const adopted = adopt(file, before)
    places.set(adopted.id, file)
    return adopted
  })
  // A file that is renamed between two of our questions would be missed: what was found must hold at the end as well.
  if (namesOf(await lookAround(path)) !== namesOf(around)) throw new Moved()
  const last = before.files.at(-1)
  const lost = last !== undefined && !places.has(last.id)
  return {
    cursor: {
      files: [...known, ...fresh],
      beside: beside.filter((file) => !undecided.includes(file)).map(({ key }) => key),
      gaps: before.gaps + (lost ? 1 : 0),
      writtenMs: current?.modifiedMs ?? before.writtenMs,
    },
    places,
    missing: around.missing,
  }
}

interface Around {
  current: FoundFile | null
  beside: FoundFile[]
  missing: Following['missing']
}

async function lookAround(path: string): Promise<Around> {
  const at = await lookAt(path)
  const current = at === 'not-a-file' ? null : at
  const beside = (await rotatedBeside(path)).filter(({ key }) => key !== current?.key)
  return { current, beside, missing: at === null ? 'not-found' : current ? null : 'not-a-file' }
}

const namesOf = ({ current, beside }: Around) =>
  JSON.stringify([current, ...beside].map((file) => [file?.path, file?.key]).sort())

/** The same file, else a copy that goes on where it was read to: then it was truncated, and its own place begins anew. */
async function placeOf(file: FollowedFile, candidates: FoundFile[]): Promise<FoundFile | undefined> {
  const same = candidates.find(({ key }) => key === file.key)
  if (same && (await goesOn(file, same))) return same
  return copyOf(file, candidates)
}

async function copyOf(file: FollowedFile, candidates: FoundFile[]): Promise<FoundFile | undefined> {
  if (file.offset === 0) return undefined
  for (const candidate of candidates) if (candidate.key !== file.key && (await goesOn(file, candidate))) return candidate
  return undefined
}

/**
 * What rotation put beside the log since the last look. Before the first one all of it is of another time, and so is what was written
 * before the last one and comes to stand there afterwards: an old log that somebody unpacked.
 */
function unseen(before: TailCursor, known: FollowedFile[], beside: FoundFile[]): FoundFile[] {
  if (before.files.length === 0) return []
  const seen = new Set([...before.beside, ...before.files.map(({ key }) => key), ...known.map(({ key }) => key)])
  return beside.filter(({ key, modifiedMs }) => !seen.has(key) && modifiedMs >= before.writtenMs)
}

type Places = ReadonlyMap<string, FoundFile>

/** A file that nobody followed yet is to be read, unless it is a copy of one that is, or may become one while it is being made. */
async function sort(candidates: FoundFile[], known: FollowedFile[], places: Places) {
  const [unread, undecided]: [FoundFile[], FoundFile[]] = [[], []]
  for (const candidate of candidates) {
    const verdict = await verdictOn(candidate, known, places)
    if (verdict === 'unread') unread.push(candidate)
    if (verdict === 'undecided') undecided.push(candidate)
  }
  return { unread, undecided }
}

async function verdictOn(candidate: FoundFile, known: FollowedFile[], places: Places): Promise<'unread' | 'copy' | 'undecided'> {
  if (candidate.size === 0) return 'undecided'
  for (const file of known) {
    const isWhole = file.offset > 0 && candidate.size >= file.offset
    if (isWhole && (await goesOn(file, candidate))) return 'copy'
    if (!isWhole && (await beginAlike(candidate, places.get(file.id)!))) return 'undecided'
  }
  return 'unread'
}

function adopt(file: FoundFile, before: TailCursor): FollowedFile {
  const earlier = before.files.filter(({ id }) => id.startsWith(`${file.key}.`)).map(({ generation }) => generation)
  const generation = Math.max(-1, ...earlier) + 1
  return { id: `${file.key}.${generation}`, key: file.key, generation, offset: 0, mark: '' }
}

/** Whether what was read of a file so far stands there: by what it holds now, for a copy may have grown since it was found. */
async function goesOn(file: FollowedFile, place: FoundFile): Promise<boolean> {
  if (file.offset === 0) return true
  const handle = await openFile(place)
  try {
    return await holds(handle, file)
  } finally {
    await handle.close()
  }
}

/** Whether a file holds, before the offset, what was read there. */
export async function holds(handle: FileHandle, { offset, mark }: FollowedFile): Promise<boolean> {
  return offset === 0 || (await markAt(handle, offset)) === mark
}
