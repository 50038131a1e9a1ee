import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own that can be full. */
export interface SmallDisk {
  dir: string
  /** Leaves no room at all. */
  fill(): void
  free(): void
  remove(): void
}

/** A file system of so many MiB in memory; null where nobody may mount one. */
export function smallDisk(mebibytes: number): SmallDisk | null {
  const dir = mkdtempSync(join(tmpdir(), 'vigia-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', dir])
  if (mounted.status !== 0) {
    rmdirSync(dir)
    return null
  }
  const ballast = join(dir, 'ballast')
  return {
    dir,
    fill() {
      const { bavail, bsize } = statfsSync(dir)
      writeFileSync(ballast, Buffer.alloc(bavail * bsize))
    },
    free: () => rmSync(ballast),
    remove() {
      spawnSync('umount', [dir])
      rmdirSync(dir)
    },
  }
}
