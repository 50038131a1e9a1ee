import { statfs } from 'node:fs/promises'

/** Bytes that are free for this process where a path lies; null when the system does not say. */
export async function diskFreeBytes(path: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  } catch {
    return null
  }
}
