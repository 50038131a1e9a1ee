import { startChild } from './lib/child'
import type { WritesResult } from './children/writes'
import { type Benchmark, show } from './lib/report'
import { withWorkspace } from './lib/workspace'

const COUNT = 4_000
const WIDTH = 64

/** How many audit events a second go through `mutate`, each answered only after its commit is on disk. */
export const writes: Benchmark = {
  about: 'audit events through mutate, beside the same rows by bare SQLite',
  run: () =>
    withWorkspace(async ({ dataDir, keep }) => {
      const env = { VIGIA_DATA_DIR: dataDir, COUNT: String(COUNT), WIDTH: String(WIDTH) }
      const { alone, together, bareAlone, bareTogether } = await keep(startChild('writes', env)).next<WritesResult>()
      return {
        title: `audit events through mutate, synchronous = FULL, n = ${COUNT} each`,
        figures: [
          {
            figure: 'one caller',
            measured: `${show(alone)} /s`,
            ceiling: `${show(bareAlone)} /s: bare better-sqlite3, a commit for each row`,
          },
          {
            figure: `${WIDTH} callers`,
            measured: `${show(together)} /s`,
            ceiling: `${show(bareTogether)} /s: bare better-sqlite3, a commit for ${WIDTH} rows`,
          },
        ],
      }
    }),
}
