/** How a zone can be out of order. `truncated`: UDP always says "too big", and TCP is closed on arrival. */
export type DnsFault = 'servfail' | 'refused' | 'timeout' | 'truncated'

/** The switches of the name service. A fault for all beats the zones', among which the narrowest that covers a name decides. */
export class DnsFaults {
  private readonly everywhere = new Map<number | 'all', DnsFault>()
  private readonly zones = new Map<string, DnsFault>()

  /** `zone` null: every name. `resolver` (0 or 1) breaks one of the two only, and needs `zone` null. */
  set(fault: DnsFault | null, zone: string | null, resolver: number | 'all' = 'all') {
    const target: Map<unknown, DnsFault> = zone ? this.zones : this.everywhere
    const key = zone ?? resolver
    if (fault) target.set(key, fault)
    else target.delete(key)
  }

  at(name: string, resolver: number): DnsFault | undefined {
    const overall = this.everywhere.get(resolver) ?? this.everywhere.get('all')
    if (overall) return overall
    for (let zone = name; zone; zone = parentOf(zone)) {
      const fault = this.zones.get(zone)
      if (fault) return fault
    }
    return undefined
  }
}

/** `mail.example.pt` → `example.pt`; the root is the empty name. */
export const parentOf = (name: string) => (name.includes('.') ? name.slice(name.indexOf('.') + 1) : '')
