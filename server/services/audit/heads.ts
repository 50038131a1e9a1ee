import { existsSync, readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
  if (!existsSync(fileOf(dataDir))) return {}
  try {
    return JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as Heads
  } catch (cause) {
    throw new ServiceError('STORAGE_UNAVAILABLE', `${fileOf(dataDir)} cannot be read`, { cause })
  }
}

/** Remembers heads that are durable in the database; a log that is remembered larger keeps what it has. Nobody waits for the disk meanwhile. */
export async function rememberHeads(dataDir: string, current: Record<string, Head>): Promise<void> {
  const heads = readHeads(dataDir)
  for (const [log, head] of Object.entries(current)) {
    const known = heads[log] ?? []
    if (head.size > (known.at(-1)?.size ?? 0)) heads[log] = thinned([...known, head])
  }
  // By a rename, so that a crash leaves the old file or the new one.
  const partial = `${fileOf(dataDir)}.${process.pid}`
  await writeFile(partial, JSON.stringify(heads, null, 1) + '\n', { mode: 0o600, flush: true })
  await rename(partial, fileOf(dataDir))
}

function thinned(heads: Head[]): Head[] {
  return heads.length <= KEPT ? heads : heads.filter((_, n) => n % 2 === 0 || n === heads.length - 1)
}
