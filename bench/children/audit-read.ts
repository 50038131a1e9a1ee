// Reads a log while the loop is watched: pages, filters, free text, totals, an export. Says the figures.
import { breathe } from '#server/platform/breathe'
import { readConfig } from '#server/platform/config'
import type { Context } from '#server/platform/context'
import { createWorld } from '#server/platform/wire'
import { exportAudit } from '#server/services/audit'
import { COUNTS, cursorAfter, pagesByDepth, pagesByFilter, pagesByText, type Questions } from '../audit/questions'
import { costOf, type LoopDelay, quantile, timed, watched } from '../lib/stats'

export interface Answered {
  what: string
  /** Milliseconds. */
  p50: number
  p99: number
  /** Processor time of one answer, milliseconds. */
  cpuMs: number
}

export interface ReadResult {
  pages: Answered[]
  filters: Answered[]
  texts: Answered[]
  counts: Answered[]
  /** A page of the same rows by one bare statement, nothing opened. */
  barePage: Answered
  exported: { mbPerSecond: number; bareMbPerSecond: number; rssMb: number; rssBeforeMb: number; delayMs: LoopDelay }
  /** While all but the export was read. */
  delayMs: LoopDelay
}

const COUNT = Number(process.env.COUNT)
/** The first answers of a process are compiled while they are given; a portal that runs gave them long ago. */
const [ROUNDS, WARM_UP] = [100, 50]
/** An export of all of a large log says no more than one of its newest part. */
const MOST_EXPORTED = 200_000

const ctx = createWorld(readConfig(process.env))
const { raw } = ctx.database

async function answered(what: string, ask: (ctx: Context) => Promise<unknown>): Promise<Answered> {
  for (let round = 0; round < WARM_UP; round++) await ask(ctx).then(breathe)
  const times: number[] = []
  const { cpuMs } = await costOf(async () => {
    for (let round = 0; round < ROUNDS; round++) {
      times.push(await timed(() => ask(ctx)))
      // As between two requests: else the loop would not turn before the last answer.
      await breathe()
    }
  })
  return { what, p50: quantile(times, 0.5), p99: quantile(times, 0.99), cpuMs: cpuMs / ROUNDS }
}

async function all(questions: Questions): Promise<Answered[]> {
  const answers: Answered[] = []
  for (const [what, ask] of Object.entries(questions)) answers.push(await answered(what, ask))
  return answers
}

const BARE_PAGE = `select e.*, t.slug, p.slug, d.box, s.key_box, l.hash, r.score from audit_events e
  left join tenants t on t.id = e.tenant_id left join partners p on p.id = e.partner_id
  left join audit_personal d on d.event_id = e.id left join audit_subjects s on s.id = d.subject_id
  left join audit_leaves l on l.event_seq = e.seq left join audit_risks r on r.event_seq = e.seq
  order by e.at desc, e.seq desc limit 100`

async function exported(): Promise<ReadResult['exported']> {
  const since = COUNT > MOST_EXPORTED ? new Date(Number(cursorAfter(ctx, MOST_EXPORTED).split('.')[0])).toISOString() : undefined
  const rssBeforeMb = process.memoryUsage().rss / 2 ** 20
  let [bytes, rss] = [0, 0]
  const { ms, delayMs } = await watched(async () => {
    for await (const piece of (await exportAudit(ctx, { format: 'jsonl', since })).pieces) {
      bytes += Buffer.byteLength(piece)
      rss = Math.max(rss, process.memoryUsage.rss())
    }
  })
  const bareMs = await timed(async () => {
    let left = bytes
    for (const content of raw.prepare('select content from audit_events order by at desc, seq desc').pluck().iterate())
      if ((left -= Buffer.byteLength(`${JSON.stringify(JSON.parse(content as string))}\n`)) < 0) break
    bareBytes = bytes - Math.max(0, left)
  })
  const rssMb = rss / 2 ** 20
  return { mbPerSecond: bytes / 1_000 / ms, bareMbPerSecond: bareBytes / 1_000 / bareMs, rssMb, rssBeforeMb, delayMs }
}
let bareBytes = 0

const read = { pages: [] as Answered[], filters: [] as Answered[], texts: [] as Answered[], counts: [] as Answered[] }
const { delayMs } = await watched(async () => {
  read.pages = await all(pagesByDepth(ctx, COUNT))
  read.filters = await all(pagesByFilter(ctx))
  read.texts = await all(pagesByText(ctx))
  read.counts = await all(COUNTS)
})
const bare = raw.prepare(BARE_PAGE)
const barePage = await answered('bare', async () => JSON.stringify(bare.all()))
const result: ReadResult = { ...read, barePage, exported: await exported(), delayMs }
await ctx.database.close()
process.send!(result)
process.disconnect()
