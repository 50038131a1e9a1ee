import { checkTransitions, extendedTransitions } from '#drizzle/schema/sqlite'
import { ExtendedId } from '#shared/schemas/extended'

export type Transitions = typeof checkTransitions
export type TransitionRow = Transitions['$inferSelect']

// The two have the same columns (a test compares them), so that one query serves both; only their names differ.
const ofExtended = extendedTransitions as unknown as Transitions

/** Both tables of changes: that of the eight, and that of the checks beyond. */
export const TRANSITIONS: readonly Transitions[] = [checkTransitions, ofExtended]

/** Where the changes of a check are kept; those of the eight when none is named. */
export function transitionsOf(checkId?: string): Transitions {
  return ExtendedId.safeParse(checkId).success ? ofExtended : checkTransitions
}
