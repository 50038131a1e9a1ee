import type SQLite from 'better-sqlite3'
import { createTaskWorld } from '#server/services/audit/verify/task-world'
import { TASKS, type TaskRunner } from '#server/services/audit/verify/tasks'
import { verifyLogs } from '#server/services/audit/verify'
import type { TestContext } from './context'

/** Does the tasks of verification here: threads would take seconds to start for each of a hundred cases. */
export function inlineTasks(ctx: TestContext): TaskRunner {
  const world = createTaskWorld(ctx.database.read, ctx.secrets)
  return { run: async (task, input) => TASKS[task](world, input as never) as never, close: async () => {} }
}

/** Who has the file: takes the triggers away, changes what he likes, and puts them back. */
export function tamper(ctx: TestContext, change: (raw: SQLite.Database) => void): void {
  const { raw } = ctx.database
  const triggers = raw.prepare("select name, sql from sqlite_master where type = 'trigger'").all() as {
    name: string
    sql: string
  }[]
  for (const { name } of triggers) raw.exec(`drop trigger ${name}`)
  change(raw)
  for (const { sql } of triggers) raw.exec(sql)
}

/** The first thing that verification finds: in which log, of what kind, at which index. */
export async function firstFault(ctx: TestContext): Promise<string> {
  const report = await verifyLogs(ctx, undefined, inlineTasks(ctx))
  const bad = report.logs.find((log) => log.verdict !== 'intact')
  if (bad) return `${bad.log}: ${bad.verdict} at ${bad.firstBadIndex}`
  const [beside] = report.faults
  return beside ? `${beside.kind} at ${beside.index}` : report.verdict
}
