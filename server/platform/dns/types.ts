/** The types that checks ask for. */
export const RECORD_TYPES = [
  'A',
  'AAAA',
  'MX',
  'TXT',
  'CNAME',
  'NS',
  'SOA',
  'PTR',
  'CAA',
  'SRV',
  'TLSA',
  'DS',
  'DNSKEY',
  'RRSIG',
] as const
export type RecordType = (typeof RECORD_TYPES)[number]

/** What a question came to. Only `answer`, `nxdomain` and `nodata` are statements about the name; the rest are the resolver's or the path's fault. */
export type DnsOutcome =
  | 'answer'
  | 'nxdomain'
  | 'nodata'
  | 'servfail'
  | 'refused'
  | 'formerr'
  | 'notimp'
  | 'timeout'
  /** TC=1 and TCP could not be had: the answer is too big for the path. */
  | 'truncated'
  /** The reply could not be read, or did not belong to the question. */
  | 'malformed'
  /** Socket errors, and any RCODE that has no name here. */
  | 'network'

/** One record of the answer. `value` is the presentation form; the typed fields are there for the types named. */
export interface DnsRecord {
  name: string
  type: RecordType
  ttl: number
  value: string
  /** MX */
  exchange?: string
  preference?: number
  /** TXT: the character strings as published; `value` is them joined without a separator. */
  strings?: string[]
  /** RRSIG: the end of its validity, in milliseconds since the epoch. */
  expiresAt?: number
}

/** An Extended DNS Error (RFC 8914): why a server answers as it does. */
export interface ExtendedError {
  code: number
  /** The server's own words; often empty. */
  text: string
}

/** One resolver's word. */
export interface DnsReply {
  server: string
  outcome: DnsOutcome
  latencyMs: number
  tcp: boolean
  ede: ExtendedError[]
}

export interface DnsAnswer {
  name: string
  type: RecordType
  /** The outcome that counts after the second opinion. */
  outcome: DnsOutcome
  /** Records of the asked type only, names lower-case without the trailing dot. */
  records: DnsRecord[]
  /** The CNAME chain that led to them: targets in order, empty when there was none. */
  cnames: string[]
  /** The RRSIG records that cover `records`; empty unless `dnssec` was asked for, or the zone is not signed. */
  signatures: DnsRecord[]
  /** The resolver whose word counts has validated it (RFC 4035 §3.2.3). Worth only as much as the path to that resolver. */
  ad: boolean
  /** What the resolvers add to explain themselves, each error once. */
  ede: ExtendedError[]
  /** Seconds that the answer may be kept: least TTL, or the SOA minimum for a negative answer. */
  ttl: number
  /** Every resolver asked, in order; the first is the one that answered, the second confirmed it or not. */
  replies: DnsReply[]
  /** One resolver says yes, another says the name or type is not there. */
  disagree: boolean
  /** Only one resolver is configured, so the second opinion came from the same one. */
  singleResolver: boolean
  cached: boolean
  askedAt: number
  /** Set by who also had the servers of the zone asked, because the resolvers could not answer. */
  zone?: ZoneLook
}

export interface DnsQueryOptions {
  signal?: AbortSignal
  /** Sets DO (RFC 4035 §3.2.1): signatures come along, and AD tells whether the resolver validated. */
  dnssec?: boolean
  /** Sets CD (RFC 4035 §3.2.2): a validating resolver then also gives what it holds for bogus. */
  checkingDisabled?: boolean
}

/** What one of a zone's own servers said about the zone's SOA record. */
export interface ZoneServerReply {
  host: string
  address: string
  outcome: DnsOutcome
  /** In presentation form; null when it gave none. */
  soa: string | null
}

/** What the servers of a zone say when they are asked themselves. */
export interface ZoneLook {
  /** The zone that holds the name, as far as delegations led; null when no servers were found. */
  zone: string | null
  replies: ZoneServerReply[]
  /** Servers that were not asked, because the zone names too many. */
  leftOut: number
  /** `well`: one of them answers. `broken`: all were reached, and each said SERVFAIL or REFUSED. `unclear`: anything else. */
  verdict: 'well' | 'broken' | 'unclear'
  /** Only when it was asked for. */
  parent?: Delegation
}

/** What the zone above says about a zone. */
export interface Delegation {
  /** Null when no zone above could be found. */
  parent: string | null
  /** The servers that it points to, sorted; null when it could not be asked. */
  hosts: string[] | null
}

export interface DnsClient {
  /**
   * Asks for one name and type. Never rejects: every fault is an outcome. `name` is absolute (no search list), with or without a
   * trailing dot, A-labels.
   */
  query(name: string, type: RecordType, options?: DnsQueryOptions): Promise<DnsAnswer>
  /** Asks the servers of the zone that holds `name` directly, past every resolver. Never rejects; inner addresses only where allowed. */
  zone(name: string, options?: Pick<DnsQueryOptions, 'signal'> & { parent?: boolean }): Promise<ZoneLook>
  /** The same client without caches, for a run that a person asked for; look-ups in flight within it are still shared. */
  fresh(): DnsClient
}
