import { emptyLog } from './audit/empty-log'
import type { AppendResult } from './children/audit-append'
import type { BareResult } from './children/audit-bare'
import type { Answered, ReadResult } from './children/audit-read'
import type { VerifyResult } from './children/audit-verify'
import { startChild } from './lib/child'
import { compileChild } from './lib/compile'
import { atLeast, type Benchmark, type Figure, show, upTo } from './lib/report'
import type { LoopDelay } from './lib/stats'
import { withWorkspace } from './lib/workspace'

const MILLION = 1_000_000

/** What the audit log takes, weighs, answers and verifies; each part in a process of its own, one after the other on the same log. */
export const audit: Benchmark = {
  about: 'audit log of a million events: append, size, pages, filters, free text, totals, export, verify (--large, --events N)',
  run: ({ events = MILLION }) =>
    withWorkspace(async ({ dataDir, keep }) => {
      const env = emptyLog(dataDir, events)
      const part = async <T>(name: string, compiled?: string) => {
        const child = keep(startChild(name, env, compiled))
        const result = await child.next<T>()
        await child.end()
        return result
      }
      // As the portal is built: else every thread begins with the compilation of TypeScript.
      const compiled = async <T>(name: string) => part<T>(name, keep(await compileChild(name)).file)
      const appended = await compiled<AppendResult>('audit-append')
      const bare = await part<BareResult>('audit-bare')
      const read = await compiled<ReadResult>('audit-read')
      const verified = await compiled<VerifyResult>('audit-verify')
      return {
        title: `audit log, ${events} events of three sources and the portal, 500 at once, synchronous = FULL; pages of 100, personal data opened`,
        figures: [...appendFigures(appended, bare), ...readFigures(read), ...verifyFigures(verified)],
      }
    }),
}

function appendFigures(appended: AppendResult, { bare, postgres }: BareResult): Figure[] {
  const pg = postgres
    ? {
        measured: `${show(postgres.perSecond)} /s`,
        ceiling: `PostgreSQL ${postgres.version}, the same rows by psql, 500 a commit`,
      }
    : { measured: 'left out: PostgreSQL is not installed' }
  return [
    {
      ...{ figure: 'append, place, index, assess', ...atLeast(10_000, '/s', appended.perSecond) },
      ceiling: `${show(bare)} /s: bare better-sqlite3, the same rows, search and counters, 500 a commit`,
    },
    { figure: 'share of the bare loop', ...atLeast(60, '%', (100 * appended.perSecond) / bare) },
    { figure: 'beside another database', ...pg },
    { figure: 'processor time an event', measured: `${show(appended.cpuUs)} µs` },
    delayFigure(appended.delayMs),
    { figure: 'largest memory (RSS)', measured: `${show(appended.rssMb)} MB` },
    { figure: 'size', measured: `${show(appended.bytesPerEvent)} bytes an event` },
  ]
}

function readFigures({ pages, filters, texts, counts, barePage, exported, delayMs }: ReadResult): Figure[] {
  const ceiling = `${show(barePage.p50)} ms: the same rows by one bare statement, nothing opened`
  return [
    ...pages.map((page, n) => ({ ...answerFigure(page, 5), ...(n === 0 && { ceiling }) })),
    ...filters.map((filter) => answerFigure(filter)),
    ...texts.map((text) => answerFigure(text, 100)),
    ...counts.map((count) => answerFigure(count)),
    delayFigure(delayMs),
    {
      ...{ figure: 'export, JSON lines', measured: `${show(exported.mbPerSecond)} MB/s` },
      ceiling: `${show(exported.bareMbPerSecond)} MB/s: the stored bytes alone, parsed and written`,
    },
    { figure: 'memory (RSS) before and during', measured: `${show(exported.rssBeforeMb)}, ${show(exported.rssMb)} MB` },
    delayFigure(exported.delayMs),
  ]
}

const verifyFigures = ({ perSecond, cpuUs, delayMs, sha256 }: VerifyResult): Figure[] => [
  {
    ...{ figure: 'verify, two threads', ...atLeast(100_000, '/s', perSecond) },
    ceiling: `${show(sha256)} /s: SHA-256 of the same bytes alone, one thread`,
  },
  { figure: 'processor time an event', measured: `${show(cpuUs)} µs` },
  delayFigure(delayMs),
]

function answerFigure({ what, p50, p99, cpuMs }: Answered, limitMs?: number): Figure {
  const measured = `${show(p50)} ms p50, ${show(p99)} ms p99, ${show(cpuMs)} ms processor`
  return { figure: what, ...(limitMs !== undefined && upTo(limitMs, 'ms', p99)), measured }
}

const delayFigure = ({ median, p99, worst }: LoopDelay): Figure => ({
  figure: '  event loop late meanwhile',
  measured: `${show(median)} ms p50, ${show(p99)} ms p99, ${show(worst)} ms worst`,
})
