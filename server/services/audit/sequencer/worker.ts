// The thread of ThreadSlices: one slice at a time, on a connection of its own.
import { workerData } from 'node:worker_threads'
import { TOLD_ELSEWHERE } from '#drizzle/checkpoint/checkpointer'
import { openDatabase } from '#drizzle/client'
import { answerInThread } from '#server/platform/thread'
import { OwnSlices, type SliceOrder, type SliceThreadData, THREAD_SLICE } from './slices'

const database = openDatabase((workerData as SliceThreadData).databaseFile, TOLD_ELSEWHERE)
let now = 0
const slices = new OwnSlices({ database, now: () => now }, THREAD_SLICE)

answerInThread<SliceOrder, number>(
  (order) => {
    now = order.now
    return slices.take(order.slices)
  },
  () => database.close(),
)
