// A thread of verification: it has its own read-only connection, takes one task at a time and answers with its result.
import { parentPort, workerData } from 'node:worker_threads'
import { openReader } from '#drizzle/reader'
import { createSecretBox, loadMasterKey } from '#server/platform/secrets'
import { createTaskWorld } from './task-world'
import { type TaskName, TASKS } from './tasks'
import type { ThreadData } from './threads'

const { databaseFile, dataDir, secretKey } = workerData as ThreadData
const world = createTaskWorld(openReader(databaseFile), createSecretBox(loadMasterKey(secretKey, dataDir)))

parentPort!.on('message', ({ task, input }: { task: TaskName; input: never }) => {
  try {
    parentPort!.postMessage({ result: TASKS[task](world, input) })
  } catch (error) {
    parentPort!.postMessage({ error: error instanceof Error ? error.message : 'unknown' })
  }
})
