import { execFile } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { backupDatabase, restoreDatabase } from '#drizzle/backup'
import { type Database, openDatabase } from '#drizzle/client'
import { declareRestore, Sequencer } from '#server/services/audit'
import { rememberAll } from '#server/services/audit/remember'
import { sequence } from '#server/services/audit/sequence'
import { appendEvents, mixedLog, writeLog } from '../helpers/audit-log'
import { firstFault, inlineTasks } from '../helpers/audit-tamper'
import { databaseWith, testContext, type TestContext } from '../helpers/context'
import { verifyLogs } from '#server/services/audit/verify'

let written: Buffer
beforeAll(async () => void (written = await databaseWith(mixedLog)))

let ctx: TestContext
let backup: string
let opened: Database[]
beforeEach(async () => {
  ctx = testContext({ database: written })
  opened = []
  await rememberAll(ctx)
  backup = `${ctx.config.databaseFile}.backup`
  await backupDatabase(ctx.config.databaseFile, backup)
  await writeLog(ctx, 10)
  await writeLog(ctx, 3, 'p_late')
  await rememberAll(ctx)
  await ctx.database.close()
})
afterEach(async () => {
  for (const database of opened) await database.close()
  await ctx.close()
})

function reopen(): TestContext {
  const database = openDatabase(ctx.config.databaseFile)
  opened.push(database)
  return { ...ctx, database, db: database.read }
}

it('a declared restore ends the logs and begins new ones, whose first leaf tells the old head', async () => {
  await restoreDatabase(backup, ctx.config.databaseFile, 'now')
  const back = reopen()
  expect(await declareRestore(back)).toEqual(['p_late/2', 'p_norte/2', 'platform/2'])
  await writeLog(back, 5)
  const report = await verifyLogs(back, undefined, inlineTasks(back))
  expect(report).toMatchObject({ verdict: 'intact', unsequenced: 0 })
  expect(report.logs.map(({ log, size, lostByRestore }) => [log, size, lostByRestore])).toEqual([
    ['p_late/2', 1, 0],
    ['p_norte', 20, 0],
    ['p_norte/2', 1, 0],
    ['platform', 308, 12],
    ['platform/2', 8, 0],
  ])
  const first = back.database.raw
    .prepare(
      `select content from audit_events join audit_leaves on seq = event_seq where log_id =
      (select id from audit_logs where scope = 'platform' and generation = 2) and leaf_index = 0`,
    )
    .pluck()
    .get() as string
  const { root } = report.logs.find(({ log }) => log === 'platform')!
  expect((JSON.parse(first) as { data: object }).data).toMatchObject({
    ...{ log: 'platform', size: 308, root, rememberedLog: 'platform', rememberedSize: 320 },
  })
})

it('a second restore of the same backup is declared as well, under a further number', async () => {
  await restoreDatabase(backup, ctx.config.databaseFile, 'one')
  await declareRestore(reopen())
  for (const database of opened.splice(0)) await database.close()
  await restoreDatabase(backup, ctx.config.databaseFile, 'two')
  const back = reopen()
  expect(await declareRestore(back)).toEqual(['p_late/3', 'p_norte/3', 'platform/3'])
  expect(await firstFault(back)).toBe('intact')
})

it('a backup that was put back in silence is not continued, and said to be missing its end', async () => {
  for (const rest of ['-wal', '-shm']) rmSync(ctx.config.databaseFile + rest, { force: true })
  copyFileSync(backup, ctx.config.databaseFile)
  const back = reopen()
  await appendEvents(back, 3)
  const sequencer = new Sequencer(back)
  while (!back.logged.some(({ message }) => message.includes('fewer events'))) await new Promise((done) => setTimeout(done, 10))
  await sequencer.stop()
  expect(back.database.raw.prepare('select count(*) from audit_unsequenced').pluck().get()).toBe(5)
  expect(await firstFault(back)).toBe('platform: missing at 308')
  await declareRestore(back)
  expect(await firstFault(back)).toBe('intact')
  expect(await sequence(back)).toBe(0)
})

it('the command does both', { timeout: 120_000 }, async () => {
  const env = { ...process.env, VIGIA_DATA_DIR: ctx.config.dataDir, VIGIA_SECRET_KEY: ctx.config.secretKey! }
  const run = (script: string, ...args: string[]) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', `scripts/${script}.ts`, ...args], { env })
  expect((await run('restore', backup)).stdout).toContain('The audit log goes on in p_late/2, p_norte/2, platform/2')
  expect((await run('audit-verify')).stdout).toContain('lost by a declared restore')
  copyFileSync(backup, ctx.config.databaseFile)
  await expect(run('audit-verify')).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('missing at index') })
  await expect(run('audit-verify', 'x')).rejects.toMatchObject({ code: 3 })
})
