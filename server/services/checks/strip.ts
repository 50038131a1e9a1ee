import type { CheckStatus } from '#shared/schemas/checks'
import { letterOf, type Standing } from './cells'

const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** The two strips of a domain: so many letters, one for each slot of time, counted from 1970 (UTC). */
export const STRIPS = { hours: { slots: 24, slotMs: HOUR_MS }, days: { slots: 30, slotMs: DAY_MS } } as const

export interface StripKind {
  slots: number
  slotMs: number
}

/** Which letter of a strip wins when several fall together: as for a domain, unknown is worse than a warning. */
const LETTER_ORDER = 'F?WP-.'
const worse = (one: string, other: string) => (LETTER_ORDER.indexOf(one) < LETTER_ORDER.indexOf(other) ? one : other)

/** A domain's letter by its cells: that of its worst check. What is accepted counts as little as what is skipped. */
export function worstLetter(cells: string): string {
  return [...cells].map((letter) => (LETTER_ORDER.includes(letter) ? letter : '-')).reduce(worse, '.')
}

/** A strip as it was stored, or as it was before the first look: `at` is null then. */
export interface StoredStrip {
  letters: string
  at: number | null
}

/** A strip as it reads at a moment: slots that began since it was stored show what has stood since. */
export function stripNow({ letters, at }: StoredStrip, stands: string, now: number, { slots, slotMs }: StripKind): string {
  const full = letters.padStart(slots, '.')
  // A clock that was set back turns nothing back.
  const begun = at === null ? 0 : Math.max(0, Math.floor(now / slotMs) - Math.floor(at / slotMs))
  return (full + stands.repeat(Math.min(begun, slots))).slice(-slots)
}

/** A strip to store: moved on to a moment at which another letter stands, which the running slot then shows too. */
export function markStrip(
  strip: StoredStrip,
  [stood, stands]: [stood: string, stands: string],
  now: number,
  kind: StripKind,
): string {
  const moved = stripNow(strip, stood, now, kind)
  // What stood until the very beginning of a slot is no part of it.
  const isNewSlot = now % kind.slotMs === 0 && strip.at !== null && now > strip.at
  return moved.slice(0, -1) + (isNewSlot ? stands : worse(moved.at(-1)!, stands))
}

export interface Change {
  checkId: string
  at: number
  fromStatus: string | null
  toStatus: string
}

/**
 * A strip made from history, for a domain that has none yet: read backwards from how things stood at `end`, so only the changes inside
 * the window are needed.
 * @param changes of the window, any order
 */
export function stripOf(
  standing: readonly Standing[],
  changes: readonly Change[],
  end: number,
  { slots, slotMs }: StripKind,
): string {
  const strip = Array<string>(slots).fill('.')
  const finish = (Math.floor(end / slotMs) + 1) * slotMs
  const start = finish - slots * slotMs
  const paint = (letter: string, from: number, to: number) => {
    const first = Math.max(0, Math.floor((from - start) / slotMs))
    const last = Math.min(slots - 1, Math.ceil((to - start) / slotMs) - 1)
    for (let i = first; i <= Math.max(first, last) && i < slots; i++) strip[i] = worse(letter, strip[i]!)
  }
  for (const { checkId, status } of standing) {
    let [letter, until] = [letterOf(status), finish]
    const own = changes.filter((change) => change.checkId === checkId && change.at >= start && change.at <= end)
    for (const change of own.sort((a, b) => b.at - a.at)) {
      paint(letter, change.at, until)
      letter = change.fromStatus === null ? '.' : letterOf(change.fromStatus as CheckStatus)
      until = change.at
    }
    // A change at the very beginning of the window left no time for what stood before.
    if (until > start) paint(letter, start, until)
  }
  return strip.join('')
}
