/** What a year does to one domain; all else stays as it is, and a look that finds nothing new leaves nothing. */
export const RATES = {
  /** Failures that end again after some hours. */
  failures: 6,
  /** Looks that came to nothing, an hour each. */
  unknowns: 12,
  /** Edits of a record that change no verdict, taken back later. */
  edits: 2,
  /** Share of the domains that have one standing warning, counted on each day. */
  warned: 0.3,
}

export interface PlannedLook {
  domain: number
  cells: string
  version: number
}

/** Looks by the hour of the year, in order. */
export interface YearPlan {
  /** The cells that each domain has most of the time. */
  standing: string[]
  hours: { at: number; looks: PlannedLook[] }[]
}

const HOURS = 365 * 24 - 24

/** The same year for everybody who asks (Park-Miller). */
export function yearOf(domains: number): YearPlan {
  let seed = 20_260_101
  const upTo = (limit: number) => ((seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647) * limit
  const standing = Array.from({ length: domains }, (_, n) => (n % 100 < RATES.warned * 100 ? 'PPPPPPWP' : 'PPPPPPPP'))
  const hours = new Map<number, Map<number, PlannedLook>>()
  const plan = (at: number, look: PlannedLook) => {
    const own = hours.get(at) ?? new Map<number, PlannedLook>()
    // One look a domain and hour, as only one can hold it.
    hours.set(at, own.set(look.domain, look))
  }
  standing.forEach((cells, domain) => {
    const withLetter = (letter: string) => {
      const place = Math.floor(upTo(6))
      return cells.slice(0, place) + letter + cells.slice(place + 1)
    }
    // Standing warnings are counted at each look; two days apart is as far as the counters follow.
    if (cells.includes('W')) for (let at = 0; at < HOURS; at += 48) plan(at, { domain, cells, version: 0 })
    const spells = [
      ...Array.from({ length: RATES.failures }, () => ({ letter: 'F', hours: 1 + Math.floor(upTo(8)) })),
      ...Array.from({ length: RATES.unknowns }, () => ({ letter: '?', hours: 1 })),
    ]
    for (const spell of spells) {
      const at = Math.floor(upTo(HOURS - 12))
      plan(at, { domain, cells: withLetter(spell.letter), version: 0 })
      plan(at + spell.hours, { domain, cells, version: 0 })
    }
    for (let n = 0; n < RATES.edits; n++) plan(Math.floor(upTo(HOURS)), { domain, cells, version: n + 1 })
  })
  const inOrder = [...hours].sort(([one], [other]) => one - other)
  return { standing, hours: inOrder.map(([at, looks]) => ({ at, looks: [...looks.values()] })) }
}
