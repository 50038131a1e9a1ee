import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { startThread } from '#server/platform/thread'

export interface CheckpointData {
  file: string
}

export type CheckpointMessage = 'checkpoint' | 'end'

export interface Checkpointed {
  /** In the write-ahead log. */
  pages: number
}

/** Commits between two checkpoints: some hundred to some thousand pages. */
const COMMITS = 32
/** A log of so many pages of 4 KiB is begun anew as soon as the file has all of it. */
const LONG_LOG = 8_192
/** Where the thread is not there to do it, a commit does it itself, late. */
export const PAGES_WITHOUT_THREAD = 16_384

const programUrl = () => new URL('./worker.ts', import.meta.url)

/**
 * Takes what was committed from the write-ahead log into the database file, in a thread: inside of a commit, where SQLite does it, the
 * writes and two waits for the disk hold up the event loop. SQLite begins the log anew when the file has all of it, which never happens
 * while commits follow one another: so when it has become long, the next commit waits for one short checkpoint more.
 */
export class Checkpointer {
  private commits = 0
  private isLong = false
  private running: Promise<void> | null = null
  private thread: Worker | null = null
  private failed = false

  constructor(private readonly file: string) {}

  /** To be told of every commit. */
  committed(): void {
    if (++this.commits >= COMMITS && !this.running) void this.checkpoint()
  }

  /** Waits, before a commit, until the log is not long. */
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
    const { thread } = this
    this.thread = null
    if (!thread || this.failed) return
    thread.ref()
    const ended = once(thread, 'exit')
    thread.postMessage('end' satisfies CheckpointMessage)
    await ended
  }

  private checkpoint(): Promise<void> {
    this.commits = 0
    this.running = this.inThread().finally(() => (this.running = null))
    return this.running
  }

  private async inThread(): Promise<void> {
    if (this.failed) return
    try {
      this.thread ??= this.start()
      this.thread.ref()
      const answer = once(this.thread, 'message') as Promise<[Checkpointed]>
      this.thread.postMessage('checkpoint' satisfies CheckpointMessage)
      const [{ pages }] = await answer
      this.isLong = pages > LONG_LOG
    } catch {
      this.failed = true
    }
    // Alone it is no reason to live.
    this.thread?.unref()
  }

  private start(): Worker {
    const thread = startThread(programUrl(), { file: this.file } satisfies CheckpointData)
    // Commits go on, and do it themselves.
    thread.on('error', () => (this.failed = true))
    return thread
  }
}
