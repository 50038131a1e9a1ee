import { vi } from 'vitest'
import type { Bulk } from '#server/services/ingest/bulk'

/** Ends a thread as a fault would, at whatever it is. */
export async function endThread(bulk: Bulk): Promise<void> {
  const { worker } = (bulk as unknown as { thread: { worker: { terminate(): Promise<number> } } }).thread
  await worker.terminate()
}

/** Until the thread has loaded its program. */
export const atHand = (bulk: Bulk) =>
  vi.waitFor(() => {
    if (!bulk.makeReady()) throw new Error('The thread is not ready')
  }, 30_000)
