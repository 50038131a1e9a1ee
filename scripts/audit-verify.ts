// npm run audit:verify [-- --json]: reads the whole audit log again. Exit status 0 intact, 1 not, 3 called wrongly.
import { existsSync } from 'node:fs'
import { readConfig } from '#server/platform/config'
import { createWorld } from '#server/platform/wire'
import { type Fault, type Report, verifyAndRecord } from '#server/services/audit'
import { ServiceError } from '#shared/errors'
import { fail, usage } from './lib/cli'

const asked = process.argv.slice(2)
if (asked.some((argument) => argument !== '--json')) usage('npm run audit:verify [-- --json]')

const place = ({ index }: Fault) => (index === null ? '' : ` at index ${index}`)

function wordsOf({ verdict, logs, faults, events, unsequenced }: Report): string {
  const lines = logs.flatMap((log) => [
    `${log.log}: ${log.verdict}, ${log.size} events, root ${log.root}`,
    ...(log.erased > 0 ? [`  ${log.erased} erased as declared`] : []),
    ...(log.lostByRestore > 0 ? [`  ${log.lostByRestore} lost by a declared restore`] : []),
    ...log.faults.map((fault) => `  ${fault.kind}${place(fault)}: ${fault.what}`),
  ])
  const beside = faults.map((fault) => `${fault.kind}${place(fault)}: ${fault.what}`)
  return [...lines, ...beside, `${events} events: ${verdict}; ${unsequenced} not yet sequenced`].join('\n')
}

try {
  const config = readConfig(process.env)
  // Opening would make an empty one, and an empty log is intact.
  if (!existsSync(config.databaseFile)) throw new ServiceError('NOT_FOUND', `There is no database at ${config.databaseFile}`)
  const world = createWorld(config)
  const report = await verifyAndRecord(world)
  await world.database.close()
  console.log(asked.length > 0 ? JSON.stringify(report, null, 2) : wordsOf(report))
  process.exitCode = report.verdict === 'intact' ? 0 : 1
} catch (error) {
  fail(error)
}
