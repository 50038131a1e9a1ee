// The thread of Bulk: one round at a time, on a connection of its own.
import { workerData } from 'node:worker_threads'
import { TOLD_ELSEWHERE } from '#drizzle/checkpoint/checkpointer'
import { openDatabase } from '#drizzle/client'
import { transaction } from '#drizzle/transaction'
import { createSecretBox, loadMasterKey } from '#server/platform/secrets'
import { answerInThread } from '#server/platform/thread'
import { OwnSlices } from '#server/services/audit'
import { type Delivery, storeDelivery } from '../store-delivery'
import { type BulkThreadData, type Round, ROUND_SLICE, type RoundDone } from './rounds'

/** All of a round is one commit; who lends the database waits for another process himself when the round is refused. */
const LIMITS = { groupLimitMs: 1_000, busyLimitMs: 500 }

const { databaseFile, secretKey, dataDir } = workerData as BulkThreadData
const database = openDatabase(databaseFile, { checkpoints: TOLD_ELSEWHERE, limits: LIMITS })
const secrets = createSecretBox(loadMasterKey(secretKey, dataDir))
let now = 0
const slices = new OwnSlices({ database, now: () => now }, { size: ROUND_SLICE, turn: 'last' })

/** What goes wrong, here or with slices, is found anew, and told, by who does it without a thread. */
const stored = (delivery: Delivery) =>
  transaction({ database }, ({ tx }) => storeDelivery({ tx, secrets }, delivery)).catch(() => null)

answerInThread<Round, RoundDone>(
  async (round) => {
    now = round.now
    const receipts = round.deliveries.map(stored)
    const taken = round.slices.length > 0 ? slices.take(round.slices).catch(() => null) : 0
    return { receipts: await Promise.all(receipts), taken: await taken }
  },
  () => database.close(),
)
