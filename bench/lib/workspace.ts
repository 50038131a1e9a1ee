import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a benchmark starts and has to end. */
export interface Workspace {
  /** A folder of its own. */
  dataDir: string
  /** Ends `thing` when the benchmark is over, the last one first. */
  keep<T extends { end(): Promise<void> }>(thing: T): T
}

/** Runs a benchmark and ends all that it started, also when it fails. */
export async function withWorkspace<T>(body: (workspace: Workspace) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'vigia-bench-'))
  const kept: { end(): Promise<void> }[] = []
  const keep: Workspace['keep'] = (thing) => {
    kept.push(thing)
    return thing
  }
  try {
    return await body({ dataDir, keep })
  } finally {
    for (const thing of kept.reverse()) await thing.end()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
