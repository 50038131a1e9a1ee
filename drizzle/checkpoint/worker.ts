// The thread of a Checkpointer: a connection of its own, on which nothing is ever read or written but the log itself.
import { parentPort, workerData } from 'node:worker_threads'
import SQLite from 'better-sqlite3'
import type { CheckpointData, CheckpointMessage, Checkpointed } from './checkpointer'

const connection = new SQLite((workerData as CheckpointData).file, { fileMustExist: true, timeout: 0 })

parentPort!.on('message', (message: CheckpointMessage) => {
  if (message === 'end') {
    connection.close()
    parentPort!.close()
    return
  }
  parentPort!.postMessage({ pages: checkpoint() } satisfies Checkpointed)
})

/** PASSIVE waits for nobody, and nobody for it. A full disk is no end: the next one may find room. */
function checkpoint(): number {
  try {
    const [{ log }] = connection.pragma('wal_checkpoint(PASSIVE)') as [{ log: number }]
    return log
  } catch {
    return 0
  }
}
