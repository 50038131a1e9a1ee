import { COMMON_DATA, type ActionKind, type DataKind } from './actions'
import type { Scalar } from './canonical'

export type GivenData = Readonly<Record<string, Scalar | null | undefined>>

const LONGEST: Partial<Record<DataKind, number>> = { text: 4_000, id: 200 }

/** Of a field that changed. */
const SIDES = ['.before', '.after']

/** What an event says openly, and what of it is sealed beside the event. */
export interface SplitData {
  open: Record<string, Scalar>
  sealed: Record<string, Scalar>
}

let dropped = 0

/** How many values this process has dropped because their key or kind is not in the action's list. */
export const droppedValues = () => dropped

/** Only the keys of the action's closed list, each of its kind; anything else is dropped and counted, never stored. */
export function splitData(kind: ActionKind, given: GivenData): SplitData {
  const split: SplitData = { open: {}, sealed: {} }
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue
    const side = SIDES.find((end) => key.endsWith(end))
    const name = side ? key.slice(0, -side.length) : key
    const sealedAs = own(kind.personal, name)
    const kept = ofKind(sealedAs ?? own(kind.data, name) ?? own(COMMON_DATA, name), value)
    if (kept === undefined) dropped++
    else if (!sealedAs) split.open[key] = kept
    else {
      split.sealed[key] = kept
      // Of a change the event says openly that there was one.
      if (side) split.open[`${name}.changed`] = true
    }
  }
  return split
}

function own(kinds: ActionKind['data'], name: string): DataKind | undefined {
  return kinds && Object.hasOwn(kinds, name) ? kinds[name] : undefined
}

function ofKind(kind: DataKind | undefined, value: Scalar): Scalar | undefined {
  if (kind === undefined) return undefined
  if (kind === 'flag') return typeof value === 'boolean' ? value : undefined
  if (kind === 'count' || kind === 'time') return Number.isSafeInteger(value) ? value : undefined
  if (typeof value !== 'string') return undefined
  const longest = LONGEST[kind]!
  return value.length > longest
    ? `${value
        .slice(0, longest - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`
    : value
}
