// npm run bench [-- NAME … --domains N --events N|--large]: measures, each figure beside a ceiling of the same run. Exit status 1 when a goal was missed.
import { parseArgs } from 'node:util'
import { audit } from './audit'
import { auditArriving } from './audit-arriving'
import { type Benchmark, formatReport, machineLine } from './lib/report'
import { matrixFilter } from './matrix-filter'
import { oneDomain } from './one-domain'
import { overview, overviewCycle } from './overview'
import { pageWeight } from './page-weight'
import { tenThousand } from './ten-thousand'
import { thousand } from './thousand'
import { writes } from './writes'
import { year } from './year'

const BENCHMARKS: Record<string, Benchmark> = {
  'one-domain': oneDomain,
  thousand,
  'ten-thousand': tenThousand,
  overview,
  'overview-cycle': overviewCycle,
  'matrix-filter': matrixFilter,
  'page-weight': pageWeight,
  writes,
  year,
  audit,
  'audit-arriving': auditArriving,
}

/** Events of `--large`. */
const LARGE = 10_000_000

const { values, positionals: asked } = parseArgs({
  options: {
    ...{ domains: { type: 'string' }, events: { type: 'string' } },
    ...{ large: { type: 'boolean' }, help: { type: 'boolean' } },
  },
  allowPositionals: true,
})
const numberOf = (value: string | undefined) => (value === undefined ? undefined : Number(value))
const domains = numberOf(values.domains)
const events = numberOf(values.events) ?? (values.large ? LARGE : undefined)
const isWrong = [domains, events].some((count) => count !== undefined && !(count > 0))
const unknown = asked.filter((name) => !(name in BENCHMARKS))
if (unknown.length > 0 || values.help || isWrong) {
  const list = Object.entries(BENCHMARKS).map(([name, { about }]) => `  ${name.padEnd(14)} ${about}`)
  console.error(`Usage: npm run bench [-- NAME … --domains N --events N|--large]\n\n${list.join('\n')}`)
  process.exit(3)
}
let missed = false
for (const name of asked.length > 0 ? asked : Object.keys(BENCHMARKS)) {
  console.log(machineLine())
  const report = await BENCHMARKS[name]!.run({ domains, events })
  console.log(formatReport(name, report))
  missed ||= report.figures.some(({ met }) => met === false)
}
process.exitCode = missed ? 1 : 0
