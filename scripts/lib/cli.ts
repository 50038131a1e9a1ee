import { ServiceError } from '#shared/errors'
import { ConfigError } from '#server/platform/config'

/** Ends a command with what went wrong; an unexpected error keeps its stack. */
export function fail(error: unknown): never {
  console.error(error instanceof ServiceError ? wordsOf(error) : error instanceof ConfigError ? error.message : error)
  process.exit(1)
}

function wordsOf({ token, message, issues }: ServiceError): string {
  return [`${token}: ${message}`, ...issues.map((issue) => `  ${issue.path}: ${issue.message}`)].join('\n')
}

/** Ends a command that was called wrongly. */
export function usage(text: string): never {
  console.error(`Usage: ${text}`)
  process.exit(3)
}

/** A moment as part of a file name, UTC: 20261120-130500. */
export function fileStamp(date: Date): string {
  return date.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')
}
