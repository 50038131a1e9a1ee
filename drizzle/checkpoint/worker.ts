// The thread of a Checkpointer: a connection of its own, on which nothing is read or written but the log itself.
import { workerData } from 'node:worker_threads'
import SQLite from 'better-sqlite3'
import { answerInThread } from '#server/platform/thread'
import type { Checkpoint, CheckpointData } from './checkpointer'

const connection = new SQLite((workerData as CheckpointData).file, { fileMustExist: true, timeout: 0 })

/** PASSIVE waits for nobody, and nobody for it. */
function checkpoint(): number {
  const [{ log }] = connection.pragma('wal_checkpoint(PASSIVE)') as [{ log: number }]
  return log
}

answerInThread<Checkpoint, number>(checkpoint, () => connection.close())
