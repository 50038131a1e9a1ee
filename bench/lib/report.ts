import { cpus, loadavg, totalmem } from 'node:os'

/** One line of a benchmark's table. */
export interface Figure {
  figure: string
  measured: string
  /** `< 1 s`; nothing when no goal was set for it. */
  goal?: string
  /** Whether the goal is met; nothing without a goal. */
  met?: boolean
  /** What the same run got from a bare peer: the ceiling. */
  ceiling?: string
}

export interface Report {
  /** What was done, with n, concurrency and duration. */
  title: string
  figures: Figure[]
}

export interface BenchmarkOptions {
  /** Fewer than its own number, for a quick run: for benchmarks of ten thousand domains. */
  domains?: number
  /** Another number of events than its own: for benchmarks of the audit log. */
  events?: number
}

export interface Benchmark {
  about: string
  run(options: BenchmarkOptions): Promise<Report>
}

/** A figure with an upper limit, so that the words and the verdict cannot differ. */
export function upTo(limit: number, unit: string, measured: number): Pick<Figure, 'measured' | 'goal' | 'met'> {
  return { measured: `${show(measured)} ${unit}`, goal: `≤ ${limit} ${unit}`, met: measured <= limit }
}

/** The same with a lower limit. */
export function atLeast(limit: number, unit: string, measured: number): Pick<Figure, 'measured' | 'goal' | 'met'> {
  return { measured: `${show(measured)} ${unit}`, goal: `≥ ${limit} ${unit}`, met: measured >= limit }
}

/** Three digits are what a benchmark can tell. */
export function show(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** The table as text. */
export function formatReport(name: string, { title, figures }: Report): string {
  const rows = figures.map(({ figure, measured, goal, met, ceiling }) => [
    figure,
    measured,
    goal ?? '',
    met === undefined ? '' : met ? 'met' : 'MISSED',
    ceiling ?? '',
  ])
  const table = [['figure', 'measured', 'goal', '', 'ceiling, same run'], ...rows]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  const lines = table.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd())
  return [`${name}: ${title}`, ...lines, ''].join('\n')
}

/** The machine, and how busy others kept it: a figure means nothing without them. */
export function machineLine(): string {
  const [load] = loadavg()
  const { model } = cpus()[0]!
  const gib = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} cores (${model.trim()}), ${gib} GiB, Node ${process.version}, load average ${load!.toFixed(1)}, ${new Date().toISOString()}`
}
