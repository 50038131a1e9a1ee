import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { startChild } from './lib/child'
import { type BenchPortal, startBenchPortal } from './lib/portal'
import { type Benchmark, type Figure, type Report, show, upTo } from './lib/report'
import { median, quantile } from './lib/stats'
import { startBenchWorld } from './lib/world'
import { withWorkspace } from './lib/workspace'
import { openLoop, type LoadResult } from './open-loop'
import { seed } from './seed'

const DOMAINS = 10_000
const PER_SECOND = 50
const SECONDS = 20
const WARM_UP_SECONDS = 3
const FIRST_LOOKS = 100
const INTERVAL_MS = 600_000
/** Nothing is due while the portal is measured alone. */
const HALF_DAY_MS = 43_200_000

/** What an operator's browser asks for. `known`: it has the answer already and says so. */
const QUESTIONS = [
  { name: 'default page', path: '/api/v1/audit/overview', known: false },
  { name: 'matrix', path: '/api/v1/audit/overview?view=matrix', known: false },
  { name: 'matrix, If-None-Match', path: '/api/v1/audit/overview?view=matrix', known: true },
]
type Question = (typeof QUESTIONS)[number]

/** The portal with nothing else to do. */
export const overview: Benchmark = {
  about: '10,000 domains: the overview API of the built portal at 50 requests a second, nothing due',
  run: ({ domains = DOMAINS }) => underLoad({ domains, state: 'nothing due', measure: beside }),
}

/** The same while 17 domains a second are looked at in the same process, as 10,000 in ten minutes are; fewer have a shorter interval. */
export const overviewCycle: Benchmark = {
  about: 'the same while the cycle runs',
  run: ({ domains = DOMAINS }) =>
    underLoad({ domains, state: 'the cycle running', intervalMs: INTERVAL_MS * (domains / DOMAINS), measure: whileCycleRuns }),
}

interface Load {
  domains: number
  state: string
  /** All domains are due once in it; without, none is. */
  intervalMs?: number
  measure(portal: BenchPortal, question: Question): Promise<Figure[]>
}

function underLoad({ domains, state, intervalMs, measure }: Load): Promise<Report> {
  return withWorkspace(async ({ dataDir, keep }) => {
    const world = keep(await startBenchWorld(dataDir, { domains }))
    await seed(world.env, world.sample, { verdicts: true, dueAt: () => Date.now() + HALF_DAY_MS })
    const intervalSec = Math.round((intervalMs ?? 2 * HALF_DAY_MS) / 1_000)
    const portal = keep(await startBenchPortal({ ...world.env, AUDIT_INTERVAL_SEC: String(intervalSec) }))
    if (intervalMs) await cycleRuns(dataDir, intervalMs)
    portal.watch()
    const [startedAt, cpuMs] = [Date.now(), portal.cpuMs()]
    const figures: Figure[] = []
    for (const question of QUESTIONS) figures.push(...(await measure(portal, question)))
    const ms = Date.now() - startedAt
    const looks = (looksSince(dataDir, startedAt) * 1_000) / ms
    if (intervalMs)
      figures.push({
        figure: 'domains looked at a second',
        measured: show(looks),
        ceiling: `${show((domains * 1_000) / intervalMs)} /s: as many as were due`,
      })
    figures.push({
      figure: 'processor, cycle and answers, of one core',
      measured: `${show(((portal.cpuMs() - cpuMs) * 100) / ms)} %`,
    })
    const late = portal.lateMs()
    figures.push(
      { figure: 'event-loop delay, median', measured: `${show(late.median)} ms` },
      { figure: 'event-loop delay, p99', ...upTo(50, 'ms', late.p99) },
      { figure: 'event-loop delay, worst', measured: `${show(late.worst)} ms` },
      { figure: 'largest memory (RSS)', ...upTo(400, 'MB', portal.rssMb()) },
    )
    const load = `${PER_SECOND} requests/s for ${SECONDS} s each (n = ${PER_SECOND * SECONDS}), time from due`
    return { title: `overview API, ${domains} domains, ${state}, open loop, ${load}`, figures }
  })
}

/**
 * Each domain gets its turn within the interval, as the cycle itself spreads them: 10,000 in ten minutes are 17 a second. Only now, for what
 * comes due while a portal is built and started would all be looked at at once. Comes back when the first looks, whose code is cold, are over.
 */
async function cycleRuns(dataDir: string, intervalMs: number): Promise<void> {
  const begunAt = Date.now()
  const connection = new SQLite(join(dataDir, 'vigia.db'), { timeout: 5_000 })
  connection.prepare('UPDATE audit_domains SET next_due_at = ? + abs(random()) % ?').run(begunAt, intervalMs)
  connection.close()
  while (looksSince(dataDir, begunAt) < FIRST_LOOKS) await new Promise((done) => setTimeout(done, 500))
}

/** Each stored look tells the live stream. */
function looksSince(dataDir: string, at: number): number {
  const connection = new SQLite(join(dataDir, 'vigia.db'), { readonly: true })
  const looks = connection.prepare(`SELECT count(*) FROM live_events WHERE type = 'run' AND at >= ?`).pluck().get(at) as number
  connection.close()
  return looks
}

/** The figures of one question, with the same load on a bare server that answers as many bytes. */
async function beside(portal: BenchPortal, question: Question): Promise<Figure[]> {
  const { load, headers } = await ask(portal, question)
  const bare = startChild('bare-server', { STATUS: String(load.status), BYTES: String(load.bytes) })
  try {
    const { port } = await bare.next<{ port: number }>()
    const run = { url: `http://127.0.0.1:${port}/`, headers, perSecond: PER_SECOND }
    await openLoop({ ...run, seconds: WARM_UP_SECONDS })
    const ceiling = await openLoop({ ...run, seconds: SECONDS })
    const name = `${question.name}, ${show(load.bytes / 1_000)} kB ${load.encoding}`
    const bareAt = (share: number) => `${show(quantile(ceiling.latencies, share))} ms: node:http from memory`
    return [
      { figure: `${name}: median`, measured: `${show(median(load.latencies))} ms`, ceiling: bareAt(0.5) },
      { figure: `${name}: p99`, ...goal(load), ceiling: bareAt(0.99) },
    ]
  } finally {
    await bare.end()
  }
}

async function whileCycleRuns(portal: BenchPortal, question: Question): Promise<Figure[]> {
  const { load } = await ask(portal, question)
  const { name } = question
  return [
    { figure: `${name}: median`, measured: `${show(median(load.latencies))} ms` },
    { figure: `${name}: p99`, ...goal(load) },
  ]
}

/** A request that failed makes the goal missed: it has no time that could be counted. */
function goal(load: LoadResult): Pick<Figure, 'measured' | 'goal' | 'met'> {
  const limit = upTo(50, 'ms', quantile(load.latencies, 0.99))
  return load.errors === 0 ? limit : { ...limit, measured: `${limit.measured}, ${load.errors} failed`, met: false }
}

async function ask(portal: BenchPortal, { path, known }: Question) {
  const url = portal.baseUrl + path
  const first = await fetch(url, { headers: portal.headers })
  if (!first.ok) throw new Error(`${path} answered ${first.status}`)
  await first.arrayBuffer()
  const etag = first.headers.get('etag')
  const headers = { ...portal.headers, 'accept-encoding': 'gzip', ...(known && etag && { 'if-none-match': etag }) }
  const run = { url, headers, perSecond: PER_SECOND }
  await openLoop({ ...run, seconds: WARM_UP_SECONDS })
  return { load: await openLoop({ ...run, seconds: SECONDS }), headers }
}
