import { parentOf } from './faults'
import type { ZoneRecord, ZoneType } from './records'

/** Values by type in presentation form, for example `{ MX: ['10 mx.example.pt'], TXT: ['v=spf1 -all'] }`. */
export type RecordSet = Partial<Record<ZoneType, string[]>>
/** Record sets by name relative to the zone; `@` is the zone itself. */
export type ZoneData = Record<string, RecordSet>

/** Zones that are computed when asked for, and not stored: the record sets of the zone that `name` lies in, or null. */
export type ZonePattern = (name: string) => { zone: string; data: ZoneData } | null

export interface LookupResult {
  rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL'
  answers: ZoneRecord[]
  /** The SOA of the zone that says no (RFC 2308 §2); empty in a positive answer. */
  authority: ZoneRecord[]
}

const TTL = 300
/** Also the negative TTL (the SOA minimum). */
const NEGATIVE_TTL = 60
const MAX_CNAMES = 8

const soaOf = (zone: string): ZoneRecord => ({
  name: zone,
  type: 'SOA',
  ttl: NEGATIVE_TTL,
  value: `ns1.${zone || 'root.example'} hostmaster.${zone || 'root.example'} 2026112001 7200 900 1209600 ${NEGATIVE_TTL}`,
})

/** Relative to absolute; the root zone is the empty name. */
const absolute = (relative: string, zone: string) => (relative === '@' ? zone : zone ? `${relative}.${zone}` : relative)

/** One zone: its names, and the empty non-terminals between them (RFC 8020: a name exists when something is below it). */
class Zone {
  readonly names = new Map<string, RecordSet>()
  private existing: Set<string> | null = null

  constructor(
    readonly name: string,
    data: ZoneData = {},
  ) {
    this.names.set(name, { NS: [`ns1.${name || 'root.example'}`], SOA: [soaOf(name).value] })
    for (const [relative, records] of Object.entries(data)) {
      const owner = absolute(relative, name)
      this.names.set(owner, { ...this.names.get(owner), ...records })
    }
  }

  set(owner: string, type: ZoneType, values: string[]) {
    const { [type]: _old, ...rest } = this.names.get(owner) ?? {}
    if (values.length > 0) this.names.set(owner, { ...rest, [type]: values })
    else if (Object.keys(rest).length > 0) this.names.set(owner, rest)
    else this.names.delete(owner)
    this.existing = null
  }

  has(name: string): boolean {
    this.existing ??= this.collectExisting()
    return this.existing.has(name)
  }

  /** The record sets of a name, or of the wildcard that stands for it (RFC 4592 §3.3.1); undefined when there is no such name. */
  find(name: string): RecordSet | undefined {
    if (this.has(name)) return this.names.get(name) ?? {}
    let encloser = parentOf(name)
    while (!this.has(encloser)) encloser = parentOf(encloser)
    return this.names.get(encloser ? `*.${encloser}` : '*')
  }

  private collectExisting() {
    const existing = new Set<string>([this.name])
    for (const owner of this.names.keys())
      for (let name = owner; name !== this.name && !existing.has(name); name = parentOf(name)) existing.add(name)
    return existing
  }
}

/** All zones of the world, answered as a recursive resolver would. */
export class Zones {
  private readonly zones = new Map<string, Zone>([['', new Zone('')]])
  private readonly patterns: ZonePattern[] = []

  add(name: string, data: ZoneData) {
    this.zones.set(name, new Zone(name, data))
    const parent = this.zoneOf(parentOf(name))
    if (parent) parent.set(name, 'NS', [`ns1.${name}`])
  }

  addPattern(pattern: ZonePattern) {
    this.patterns.push(pattern)
  }

  /** Replaces the records of a name and type while the world runs; an empty list removes them. The name must lie in a zone of the world. */
  set(name: string, type: ZoneType, values: string[]) {
    this.zoneOf(normalise(name)).set(normalise(name), type, values)
  }

  /** The values of a name and type as they stand; empty when there are none. */
  get(name: string, type: ZoneType): string[] {
    return this.zoneOf(normalise(name)).names.get(normalise(name))?.[type] ?? []
  }

  /**
   * Answers a question, CNAMEs followed within the world. `type` undefined is a type that no zone holds: NODATA where the name exists.
   * A chain that ends nowhere has the rcode of its last name (RFC 6604 §3).
   */
  lookup(asked: string, type: ZoneType | undefined): LookupResult {
    const answers: ZoneRecord[] = []
    let name = normalise(asked)
    for (let hop = 0; hop < MAX_CNAMES; hop++) {
      const zone = this.zoneOf(name)
      const records = zone.find(name)
      if (!records) return { rcode: 'NXDOMAIN', answers, authority: [soaOf(zone.name)] }
      const values = type && records[type]
      if (values) return { rcode: 'NOERROR', answers: [...answers, ...toRecords(name, type, values)], authority: [] }
      const [alias] = records.CNAME ?? []
      if (!alias) return { rcode: 'NOERROR', answers, authority: [soaOf(zone.name)] }
      answers.push({ name, type: 'CNAME', ttl: TTL, value: alias })
      name = normalise(alias)
    }
    return { rcode: 'SERVFAIL', answers: [], authority: [] }
  }

  private zoneOf(name: string): Zone {
    for (const pattern of this.patterns) {
      const computed = pattern(name)
      if (computed) return new Zone(computed.zone, computed.data)
    }
    for (let zone = name; zone; zone = parentOf(zone)) {
      const found = this.zones.get(zone)
      if (found) return found
    }
    return this.zones.get('') as Zone
  }
}

const normalise = (name: string) => name.toLowerCase().replace(/\.$/, '')

const toRecords = (name: string, type: ZoneType, values: string[]): ZoneRecord[] =>
  values.map((value) => ({ name, type, ttl: TTL, value }))
