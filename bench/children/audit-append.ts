// Appends generated events with everything on while the loop is watched. Says the figures.
import { statSync } from 'node:fs'
import { readConfig } from '#server/platform/config'
import { createWorld } from '#server/platform/wire'
import { fillLog, insertTenants } from '../audit/fill'
import { type LoopDelay, watched } from '../lib/stats'

export interface AppendResult {
  perSecond: number
  /** Processor time of the whole process for one event, microseconds. */
  cpuUs: number
  rssMb: number
  delayMs: LoopDelay
  /** Of the database file when all of the write-ahead log is in it. */
  bytesPerEvent: number
}

const COUNT = Number(process.env.COUNT)
const config = readConfig(process.env)
const ctx = createWorld(config)
insertTenants(ctx)
const { ms, cpuMs, delayMs, rssMb } = await watched(() => fillLog(ctx, COUNT))
ctx.database.raw.pragma('wal_checkpoint(TRUNCATE)')
const bytesPerEvent = statSync(config.databaseFile).size / COUNT
await ctx.database.close()
process.send!({
  ...{ perSecond: (COUNT * 1_000) / ms, cpuUs: (cpuMs * 1_000) / COUNT, rssMb, delayMs, bytesPerEvent },
} satisfies AppendResult)
process.disconnect()
