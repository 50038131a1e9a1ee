import { Thread } from '#server/platform/thread'

export interface CheckpointData {
  file: string
}

/** Its answer: how many pages the write-ahead log has. */
export type Checkpoint = 'checkpoint'

/** Who takes what was committed from the write-ahead log into the database file. */
export interface Checkpoints {
  /** To be told of every commit. */
  committed(): void
  /** Waits, before a commit, while the log is too long. */
  room(): Promise<void>
  close(): Promise<void>
}

/** Commits between two checkpoints: some hundred to some thousand pages. */
const COMMITS = 16
/** A log of so many pages of 4 KiB is begun anew as soon as the file has all of it. */
const LONG_LOG = 8_192
/** Its thread hangs when it takes so long, also on a slow disk; meanwhile a commit may wait. */
const LIMIT_MS = 30_000
/** Where nobody else does it, a commit does it itself, late. */
export const PAGES_WITHOUT_THREAD = 16_384

const programUrl = () => new URL('./worker.ts', import.meta.url)

/**
 * Does it in a thread: inside of a commit, where SQLite does it, the writes and two waits for the disk hold up the event loop. SQLite
 * begins the log anew when the file has all of it, which never happens while commits follow one another: so when it has become long, the
 * next commit waits for one short checkpoint more.
 */
export class Checkpointer implements Checkpoints {
  private commits = 0
  private isLong = false
  private running: Promise<void> | null = null
  private thread: Thread<Checkpoint, number> | null = null

  constructor(private readonly file: string) {}

  committed(): void {
    if (++this.commits >= COMMITS && !this.running) void this.checkpoint()
  }

  async room(): Promise<void> {
    if (!this.isLong) return
    await this.running
    await this.checkpoint()
    // Whoever reads for long keeps it long; nobody waits for him.
    this.isLong = false
  }

  /** Ends the thread, whose connection would else keep the log on the disk. */
  async close(): Promise<void> {
    await this.running
    await this.thread?.end()
  }

  private checkpoint(): Promise<void> {
    this.commits = 0
    if (!this.thread || this.thread.hasEnded) this.thread = new Thread(programUrl(), { file: this.file } satisfies CheckpointData)
    this.running = this.thread
      .ask('checkpoint', LIMIT_MS)
      // On a full disk, or without a thread, commits go on; the next one may have more luck.
      .catch(() => 0)
      .then((pages) => {
        this.isLong = pages > LONG_LOG
        this.running = null
      })
    return this.running
  }
}

/** For a connection whose commits another one is told of. */
export const TOLD_ELSEWHERE: Checkpoints = {
  committed: () => {},
  room: () => Promise.resolve(),
  close: () => Promise.resolve(),
}
