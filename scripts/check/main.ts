import type { CheckReport } from '#shared/schemas/check-report'
import type { CheckStatus } from '#shared/schemas/checks'
import { ConfigError, readConfig, type Config } from '#server/platform/config'
import { watchLoop } from '#server/platform/loop-watch'
import { createNetwork } from '#server/platform/wire'
import { createRunWorld, runChecks } from '#server/services/checks'
import { readArguments, USAGE, UsageError, type CheckArguments } from './arguments'
import { exitStatus, formatReport, reportOf } from './report'
import { targetOf } from './target'

const EXIT_USAGE = 3
const EXIT_INTERRUPTED = 130
/** Domains looked at side by side. */
const CONCURRENCY = 8

export interface Terminal {
  argv: readonly string[]
  env: Record<string, string | undefined>
  isTty: boolean
  out(text: string): void
  error(text: string): void
  /** The text of a file; `-` is standard input. */
  readList(path: string): Promise<string>
  /** Nobody wants the rest: Ctrl-C, or the reader of the output has left. */
  stop: AbortSignal
}

/** `npm run check`: looks once at each domain and prints the scorecards; the exit status. No database is opened. */
export async function main(terminal: Terminal): Promise<number> {
  const { argv, env, out, error, readList, stop } = terminal
  try {
    const wanted = await readArguments(argv, readList)
    if (!wanted) {
      out(USAGE)
      return 0
    }
    return await lookAtAll(createCommandWorld(readConfig(env), wanted.resolvers), wanted, terminal)
  } catch (problem) {
    if (stop.aborted) return EXIT_INTERRUPTED
    if (!(problem instanceof UsageError) && !(problem instanceof ConfigError)) throw problem
    error(`${problem.message}\n${problem instanceof UsageError ? `\n${USAGE}` : ''}`)
    return EXIT_USAGE
  }
}

/** Several domains side by side; what is printed has the order of the arguments. */
async function lookAtAll(world: CommandWorld, wanted: CheckArguments, terminal: Terminal): Promise<number> {
  const { domains } = wanted
  const statuses: CheckStatus[] = []
  const printer = printerOf(wanted, terminal)
  const judged = new Map<number, CheckReport>()
  let [next, printed] = [0, 0]
  const lane = async () => {
    while (next < domains.length && !terminal.stop.aborted) {
      const place = next++
      const report = await lookAt(world, domains[place]!, wanted, terminal)
      if (terminal.stop.aborted) return
      judged.set(place, report)
      for (let ready = judged.get(printed); ready; ready = judged.get(++printed)) {
        statuses.push(...ready.checks.map((check) => check.status))
        printer.print(ready)
        judged.delete(printed)
      }
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, lane))
  if (terminal.stop.aborted) return EXIT_INTERRUPTED
  printer.end()
  return exitStatus(statuses)
}

async function lookAt(world: CommandWorld, domain: string, wanted: CheckArguments, terminal: Terminal): Promise<CheckReport> {
  const target = targetOf(domain, wanted.mailHost)
  const onFault = (checkId: string, fault: unknown) =>
    terminal.error(`${domain} ${checkId}: ${fault instanceof Error ? fault.name : 'fault'}\n`)
  return reportOf(target, await runChecks(world, target, { onFault, signal: terminal.stop }))
}

interface Printer {
  print(report: CheckReport): void
  end(): void
}

function printerOf({ format, domains }: CheckArguments, { env, isTty, out, error }: Terminal): Printer {
  const all: CheckReport[] = []
  const write: Record<CheckArguments['format'], (report: CheckReport) => void> = {
    json: (report) => void all.push(report),
    'json-lines': (report) => out(`${JSON.stringify(report)}\n`),
    table: (report) => out(`${formatReport(report, isTty && !env.NO_COLOR)}\n`),
  }
  let done = 0
  return {
    print(report) {
      done++
      // On a terminal the tables themselves show how far it is.
      if (domains.length > 1 && !(isTty && format === 'table'))
        error(`${done}/${domains.length} ${report.domain} ${report.status}\n`)
      write[format](report)
    },
    end() {
      if (format === 'json') out(`${JSON.stringify({ domains: all }, null, 2)}\n`)
    },
  }
}

type CommandWorld = ReturnType<typeof createRunWorld>

function createCommandWorld(config: Config, resolvers: string[]): CommandWorld {
  const now = () => Date.now()
  const network = createNetwork({ ...config, ...(resolvers.length > 0 ? { dnsServers: resolvers } : {}) }, now)
  return createRunWorld({ config, ...network, now, random: Math.random, lagMs: watchLoop(), canary: config.canary })
}
