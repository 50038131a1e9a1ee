// Copies the rows of a log by a bare loop, and into PostgreSQL where it is installed. Says events a second.
import { readConfig } from '#server/platform/config'
import { bareInsertMs } from '../audit/bare'
import { postgresInserts, type PostgresResult } from '../audit/postgres'

export interface BareResult {
  bare: number
  postgres: PostgresResult | null
}

const { databaseFile, dataDir } = readConfig(process.env)
const bare = (Number(process.env.COUNT) * 1_000) / (await bareInsertMs(databaseFile, dataDir))
process.send!({ bare, postgres: await postgresInserts(databaseFile, dataDir) } satisfies BareResult)
process.disconnect()
