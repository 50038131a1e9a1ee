import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { normaliseDomain } from '#server/services/tenants'
import { isServerAddress } from '#server/platform/config'
import { MailHostFile } from './target'

export const USAGE = `Usage: npm run check -- DOMAIN… [--json] [--mail-host FILE] [--resolver IP:PORT]…

Looks at each domain once and prints its scorecard.

  --json             one JSON document on standard output
  --mail-host FILE   JSON of a mail host (as the API takes it) with "dkim": [{"selector", "publicKey"}]
  --resolver IP:PORT ask this resolver; may be given twice (the settings' or the system's resolvers by default)

Exit status: 0 good, 1 a check failed, 2 none failed but one is unknown, 3 wrong usage.
`

export interface CheckArguments {
  domains: string[]
  json: boolean
  mailHost: MailHostFile | null
  resolvers: string[]
}

/** What the user typed cannot be used; the message says why. */
export class UsageError extends Error {}

/**
 * Reads the command line; null when help was asked for.
 * @throws UsageError
 */
export function readArguments(argv: readonly string[]): CheckArguments | null {
  const { values, positionals } = parse(argv)
  if (values.help) return null
  const resolvers = values.resolver ?? []
  const wrong = resolvers.find((resolver) => !isServerAddress(resolver))
  if (wrong !== undefined)
    throw new UsageError(`--resolver ${wrong}: an address such as 192.0.2.53:53 or [2001:db8::53]:53 is wanted`)
  if (positionals.length === 0) throw new UsageError('A domain is missing.')
  const domains = positionals.map((typed) => {
    const normal = normaliseDomain(typed)
    if (!normal.ok) throw new UsageError(`${typed}: ${normal.reason}`)
    return normal.domain
  })
  const mailHost = values['mail-host'] === undefined ? null : readMailHost(values['mail-host'])
  return { domains: [...new Set(domains)], json: values.json ?? false, mailHost, resolvers }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
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
