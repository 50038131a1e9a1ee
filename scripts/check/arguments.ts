import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { normaliseDomain } from '#server/services/tenants'
import { isServerAddress } from '#server/platform/config'
import { MailHostFile } from './target'

export const USAGE = `Usage: npm run check -- DOMAIN… [--file LIST] [--json | --json-lines] [--mail-host FILE] [--resolver IP:PORT]…

Looks at each domain once and prints its scorecard. No database is needed.

  --file LIST        more domains, one a line; empty lines and # comments are left out; - is standard input
  --json             one JSON document on standard output, at the end
  --json-lines       one line of JSON for each domain, as soon as it is judged
  --mail-host FILE   JSON of a mail host (as the API takes it) with "dkim": [{"selector", "publicKey"}]
  --resolver IP:PORT ask this resolver; may be given twice (the settings' or the system's resolvers by default)

Exit status: 0 good, 1 a check failed, 2 none failed but one is unknown, 3 wrong usage, 130 interrupted.
`

export interface CheckArguments {
  domains: string[]
  format: 'table' | 'json' | 'json-lines'
  mailHost: MailHostFile | null
  resolvers: string[]
}

/** What the user typed cannot be used; the message says why. */
export class UsageError extends Error {}

/**
 * Reads the command line; null when help was asked for.
 * @param readList the text of a file, or of standard input for `-`
 * @throws UsageError
 */
export async function readArguments(
  argv: readonly string[],
  readList: (path: string) => Promise<string>,
): Promise<CheckArguments | null> {
  const { values, positionals } = parse(argv)
  if (values.help) return null
  const resolvers = values.resolver ?? []
  const wrong = resolvers.find((resolver) => !isServerAddress(resolver))
  if (wrong !== undefined)
    throw new UsageError(`--resolver ${wrong}: an address such as 192.0.2.53:53 or [2001:db8::53]:53 is wanted`)
  if (values.json && values['json-lines']) throw new UsageError('--json and --json-lines exclude each other.')
  const listed = values.file === undefined ? [] : await readDomains(values.file, readList)
  const domains = [...positionals.map((typed) => domainOf(typed, typed)), ...listed]
  if (domains.length === 0) throw new UsageError('A domain is missing.')
  const mailHost = values['mail-host'] === undefined ? null : readMailHost(values['mail-host'])
  const format = values['json-lines'] ? 'json-lines' : values.json ? 'json' : 'table'
  return { domains: [...new Set(domains)], format, mailHost, resolvers }
}

/** Says where the wrong one stands: lists are long. */
function domainOf(typed: string, where: string): string {
  const normal = normaliseDomain(typed)
  if (!normal.ok) throw new UsageError(`${where}: ${normal.reason}`)
  return normal.domain
}

async function readDomains(path: string, readList: (path: string) => Promise<string>): Promise<string[]> {
  const text = await readList(path).catch(() => {
    throw new UsageError(`--file ${path}: the file cannot be read`)
  })
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ typed: line.replace(/#.*/, '').trim(), where: `--file ${path}, line ${index + 1}` }))
    .filter(({ typed }) => typed !== '')
    .map(({ typed, where }) => domainOf(typed, where))
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        file: { type: 'string' },
        json: { type: 'boolean' },
        'json-lines': { type: 'boolean' },
        'mail-host': { type: 'string' },
        resolver: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The arguments cannot be read.')
  }
}

/** Names the wrong fields, never their values: the file may hold a password. */
function readMailHost(path: string): MailHostFile {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const missing = error instanceof Error && 'code' in error
    throw new UsageError(`--mail-host ${path}: ${missing ? 'the file cannot be read' : 'this is no JSON'}`)
  }
  const parsed = MailHostFile.safeParse(json)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || 'file'}: ${issue.message}`)
  throw new UsageError(`--mail-host ${path}: this is no mail host\n${problems.join('\n')}`)
}
