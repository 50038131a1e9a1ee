import { NAME_SERVERS, ROOT_SERVER } from '../provider'
import { parentOf } from './faults'
import type { ZoneRecord, ZoneType } from './records'

/** Values by type in presentation form, for example `{ MX: ['10 mx.example.pt'], TXT: ['v=spf1 -all'] }`. */
export type RecordSet = Partial<Record<ZoneType, string[]>>
/** Record sets by name relative to the zone; `@` is the zone itself. */
export type ZoneData = Record<string, RecordSet>

/** Zones that are computed when asked for, and not stored: the record sets of the zone that `name` lies in, or null. */
export type ZonePattern = (name: string) => { zone: string; data: ZoneData } | null

export interface LookupResult {
  rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED'
  /** Said by a server of the zone, of its own knowledge. */
  authoritative: boolean
  answers: ZoneRecord[]
  /** The SOA of the zone that says no (RFC 2308 §2); empty in a positive answer. Where it points elsewhere: the servers there. */
  authority: ZoneRecord[]
  /** The addresses of those servers. */
  additional: ZoneRecord[]
}

const TTL = 300
/** Also the negative TTL (the SOA minimum). */
const NEGATIVE_TTL = 60
const MAX_CNAMES = 8

const serversOf = (zone: string) => (zone ? NAME_SERVERS : [ROOT_SERVER])

const soaOf = (zone: string): ZoneRecord => ({
  name: zone,
  type: 'SOA',
  ttl: NEGATIVE_TTL,
  value: `${serversOf(zone)[0]} hostmaster.${zone || 'root.example'} 2026112001 7200 900 1209600 ${NEGATIVE_TTL}`,
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
    this.names.set(name, { NS: serversOf(name), SOA: [soaOf(name).value] })
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

/** All zones of the world, answered as a recursive resolver would, or as their own servers. */
export class Zones {
  private readonly zones = new Map<string, Zone>([['', new Zone('')]])
  private readonly patterns: ZonePattern[] = []

  add(name: string, data: ZoneData) {
    this.zones.set(name, new Zone(name, data))
    const parent = this.zoneOf(parentOf(name))
    if (parent) parent.set(name, 'NS', serversOf(name))
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
      if (!records) return { ...SILENT, rcode: 'NXDOMAIN', answers, authority: [soaOf(zone.name)] }
      const values = type && records[type]
      if (values) return { ...SILENT, answers: [...answers, ...toRecords(name, type, values)] }
      const [alias] = records.CNAME ?? []
      if (!alias) return { ...SILENT, answers, authority: [soaOf(zone.name)] }
      answers.push({ name, type: 'CNAME', ttl: TTL, value: alias })
      name = normalise(alias)
    }
    return { ...SILENT, rcode: 'SERVFAIL' }
  }

  /** What a server of all zones but the root says (RFC 1034 §4.3.2); it refuses what it does not serve. */
  sayAsServer(asked: string, type: ZoneType | undefined): LookupResult {
    if (this.zoneOf(normalise(asked)).name === '') return { ...SILENT, rcode: 'REFUSED' }
    return { ...this.lookup(asked, type), authoritative: true }
  }

  /** What the root's server says: it points to the servers of the zone right below it. */
  sayAsRoot(asked: string, type: ZoneType | undefined): LookupResult {
    let zone = this.zoneOf(normalise(asked))
    if (zone.name === '') return { ...this.lookup(asked, type), authoritative: true }
    for (let above = this.zoneOf(parentOf(zone.name)); above.name !== ''; above = this.zoneOf(parentOf(zone.name))) zone = above
    const hosts = this.get(zone.name, 'NS')
    const addresses = hosts.flatMap((host) => this.lookup(host, 'A').answers)
    return { ...SILENT, authority: toRecords(zone.name, 'NS', hosts), additional: addresses }
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

const SILENT: LookupResult = { rcode: 'NOERROR', authoritative: false, answers: [], authority: [], additional: [] }

const normalise = (name: string) => name.toLowerCase().replace(/\.$/, '')

const toRecords = (name: string, type: ZoneType, values: string[]): ZoneRecord[] =>
  values.map((value) => ({ name, type, ttl: TTL, value }))
