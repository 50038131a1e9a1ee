import type { z } from 'zod'
import type { Issue } from '#shared/errors'

/** What a schema found wrong, in words for a form. A schema's own message says what was expected. */
export function issueText(issue: z.core.$ZodIssue): Issue {
  return { path: issue.path.join('.'), message: words(issue) }
}

function words(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return issue.expected === 'string' ? 'Fill this in' : `Expected: a ${issue.expected}`
  if (issue.code === 'too_small' && issue.origin === 'string') return 'Fill this in'
  if (issue.code === 'too_big' && issue.origin === 'string') return `At most ${issue.maximum} characters`
  if (issue.code === 'too_small') return `At least ${issue.minimum}`
  if (issue.code === 'too_big') return `At most ${issue.maximum}`
  if (issue.code === 'invalid_format' && 'prefix' in issue) return `Start with ${String(issue.prefix)}`
  return `Expected: ${issue.message}`
}
