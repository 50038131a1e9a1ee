import type { Fix } from '#shared/schemas/checks'
import type { Verdict } from '../collectors/contract'
import type { Reason } from './contract'

type FixText = Omit<Fix, 'visibleAfterSec'>

/** A parameter as text: lists are joined by commas and cut after five. */
export function listed(value: Verdict['params'][string] | undefined): string {
  if (!Array.isArray(value)) return String(value ?? '')
  return value.length > 5 ? `${value.slice(0, 5).join(', ')} and ${value.length - 5} more` : value.join(', ')
}

/** A fix that is a record to publish: `value` is ready to paste, `found` is what stands there now; `steps` is what else to mind. */
export function publish(summary: string, record: NonNullable<Fix['record']>, steps: string[] = []): FixText {
  return { summary, record, steps }
}

/** A fix that is something to do. */
export function step(summary: string, ...steps: string[]): NonNullable<Reason['fix']> {
  return () => ({ summary, record: null, steps })
}

/** The strings that the evidence keeps under a key of `found`; none when it is not a list of strings. */
export function foundStrings(verdict: Verdict, key: string): string[] {
  const value = verdict.evidence.found[key]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
