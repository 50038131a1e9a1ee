import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freshBytes } from '#server/platform/random'
import { ServiceError } from '#shared/errors'

/** How a log stood: `size` leaves under `root` (hex). */
export interface Head {
  size: number
  root: string
}

/** Remembered heads of each log by its name, the newest last. */
export type Heads = Record<string, Head[]>

/** More than this, and every second one goes: what is kept still spans the whole history. */
const KEPT = 64

const fileOf = (dataDir: string) => join(dataDir, 'audit-heads.json')

/**
 * What this machine remembers of the logs outside of their database, so that a database that was put back is told.
 * @throws ServiceError STORAGE_UNAVAILABLE when the file is not one of ours
 */
export function readHeads(dataDir: string): Heads {
  return headsIn(dataDir, textIn(dataDir))
}

function textIn(dataDir: string): string | null {
  try {
    return existsSync(fileOf(dataDir)) ? readFileSync(fileOf(dataDir), 'utf8') : null
  } catch (cause) {
    throw unreadable(dataDir, cause)
  }
}

function headsIn(dataDir: string, text: string | null): Heads {
  try {
    return text === null ? {} : (JSON.parse(text) as Heads)
  } catch (cause) {
    throw unreadable(dataDir, cause)
  }
}

const unreadable = (dataDir: string, cause: unknown) =>
  new ServiceError('STORAGE_UNAVAILABLE', `${fileOf(dataDir)} cannot be read`, { cause })

/** Remembers heads that are durable in the database; a log that is remembered larger keeps what it has. Nobody waits for the disk meanwhile. */
export async function rememberHeads(dataDir: string, current: Record<string, Head>): Promise<void> {
  const partial = `${fileOf(dataDir)}.${process.pid}-${freshBytes(6).toString('hex')}`
  try {
    for (let before = textIn(dataDir), now: string | null; ; before = now) {
      const heads = withHeads(headsIn(dataDir, before), current)
      await writeFile(partial, JSON.stringify(heads, null, 1) + '\n', { mode: 0o600, flush: true })
      now = textIn(dataDir)
      // What another process remembered meanwhile must stay. By a rename, so that a crash leaves the old file or the new one.
      if (now === before) return renameSync(partial, fileOf(dataDir))
    }
  } finally {
    rmSync(partial, { force: true })
  }
}

function withHeads(heads: Heads, current: Record<string, Head>): Heads {
  for (const [log, head] of Object.entries(current)) {
    const known = heads[log] ?? []
    if (head.size > (known.at(-1)?.size ?? 0)) heads[log] = thinned([...known, head])
  }
  return heads
}

function thinned(heads: Head[]): Head[] {
  return heads.length <= KEPT ? heads : heads.filter((_, n) => n % 2 === 0 || n === heads.length - 1)
}
