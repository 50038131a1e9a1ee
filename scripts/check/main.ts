import { ConfigError, readConfig, type Config } from '#server/platform/config'
import { watchLoop } from '#server/platform/loop-watch'
import { createNetwork } from '#server/platform/wire'
import { createRunWorld, runChecks } from '#server/services/checks'
import { readArguments, USAGE, UsageError, type CheckArguments } from './arguments'
import { exitStatus, formatReport, reportOf, type Report } from './report'
import { targetOf } from './target'

const EXIT_USAGE = 3

export interface Terminal {
  argv: readonly string[]
  env: Record<string, string | undefined>
  isTty: boolean
  out(text: string): void
  error(text: string): void
}

/** `npm run check`: looks once at each domain and prints the scorecards; the exit status. No database is opened. */
export async function main({ argv, env, isTty, out, error }: Terminal): Promise<number> {
  try {
    const wanted = readArguments(argv)
    if (!wanted) {
      out(USAGE)
      return 0
    }
    const world = createCommandWorld(readConfig(env), wanted.resolvers)
    const colours = isTty && !env.NO_COLOR
    const reports = await lookAtAll(
      world,
      wanted,
      error,
      wanted.json ? () => {} : (report) => out(`${formatReport(report, colours)}\n`),
    )
    if (wanted.json) out(`${JSON.stringify({ domains: reports }, null, 2)}\n`)
    return exitStatus(reports)
  } catch (problem) {
    if (!(problem instanceof UsageError) && !(problem instanceof ConfigError)) throw problem
    error(`${problem.message}\n${problem instanceof UsageError ? `\n${USAGE}` : ''}`)
    return EXIT_USAGE
  }
}

/** One domain after the other, so that the output has the order of the arguments. */
async function lookAtAll(
  world: ReturnType<typeof createRunWorld>,
  wanted: CheckArguments,
  error: Terminal['error'],
  onReport: (report: Report) => void,
): Promise<Report[]> {
  const reports: Report[] = []
  for (const domain of wanted.domains) {
    const target = targetOf(domain, wanted.mailHost)
    const onFault = (checkId: string, fault: unknown) =>
      error(`${domain} ${checkId}: ${fault instanceof Error ? fault.name : 'fault'}\n`)
    const report = reportOf(target, await runChecks(world, target, { onFault }))
    reports.push(report)
    onReport(report)
  }
  return reports
}

function createCommandWorld(config: Config, resolvers: string[]) {
  const now = () => Date.now()
  const network = createNetwork({ ...config, ...(resolvers.length > 0 ? { dnsServers: resolvers } : {}) }, now)
  return createRunWorld({ config, ...network, now, random: Math.random, lagMs: watchLoop(), canary: config.canary })
}
