import { isUtf8 } from 'node:buffer'
import { createHash, type Hash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'

const CHUNK_BYTES = 64 * 1024
/** A line of more is known by its place, length and digest alone. */
const HELD_BYTES = 1024 * 1024
/** What has no line feed after this is cut here, so that a file without any cannot be read anew for ever. */
const CUT_BYTES = 16 * 1024 * 1024
/** What one slice reads at most, but for a longer line. */
const SLICE_BYTES = 1024 * 1024

/** One line of a file, without its line feed. */
export interface Line {
  /** Bytes from the beginning of the file, and of the line. */
  offset: number
  length: number
  /** SHA-256 of the line's bytes, hex. */
  digest: string
  /** Null when it is longer than a mebibyte, or not UTF-8. */
  text: string | null
}

/**
 * Complete lines from `from` on, `limit` at most, and the offset after the last of them; what has no line feed yet stays for another
 * time. Memory stays flat however long a line is.
 */
export async function readLines(file: FileHandle, from: number, limit: number): Promise<{ lines: Line[]; end: number }> {
  const lines: Line[] = []
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  let open = new OpenLine(from)
  for (let at = from; lines.length === 0 || at - from < SLICE_BYTES;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, at)
    if (bytesRead === 0) break
    const read = chunk.subarray(0, bytesRead)
    let start = 0
    for (let feed = read.indexOf(10); feed !== -1; feed = read.indexOf(10, start)) {
      open.add(read.subarray(start, feed))
      lines.push(open.line())
      start = feed + 1
      open = new OpenLine(at + start)
      if (lines.length === limit) return { lines, end: open.offset }
    }
    open.add(read.subarray(start))
    at += bytesRead
    if (open.length >= CUT_BYTES) {
      lines.push(open.line())
      open = new OpenLine(at)
    }
  }
  return { lines, end: open.offset }
}

/** What stands between `from` and the end of a file that nobody writes any more: a line that was never finished, if anything. */
export async function readRest(file: FileHandle, from: number): Promise<Line | null> {
  const rest = new OpenLine(from)
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  for (let at = from; ;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, at)
    if (bytesRead === 0) return rest.length > 0 ? rest.line() : null
    rest.add(chunk.subarray(0, bytesRead))
    at += bytesRead
  }
}

/** Whether a line that was read stands where it did. */
export async function isStillThere(file: FileHandle, { offset, length, digest }: Line): Promise<boolean> {
  const line = new OpenLine(offset)
  const chunk = Buffer.allocUnsafe(Math.min(length, CHUNK_BYTES))
  while (line.length < length) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, length - line.length), offset + line.length)
    if (bytesRead === 0) return false
    line.add(chunk.subarray(0, bytesRead))
  }
  return line.line().digest === digest
}

class OpenLine {
  length = 0
  private readonly hash: Hash = createHash('sha256')
  private pieces: Buffer[] = []

  constructor(readonly offset: number) {}

  add(piece: Buffer): void {
    this.hash.update(piece)
    this.length += piece.length
    if (this.length > HELD_BYTES) this.pieces = []
    else this.pieces.push(Buffer.from(piece))
  }

  line(): Line {
    const bytes = this.length > HELD_BYTES ? null : Buffer.concat(this.pieces)
    return {
      offset: this.offset,
      length: this.length,
      digest: this.hash.digest('hex'),
      text: bytes && isUtf8(bytes) ? bytes.toString('utf8') : null,
    }
  }
}
