import { describeExtendedError, saysBogus } from '#server/platform/dns/extended-error'
import type { DnsAnswer, DnsRecord } from '#server/platform/dns/types'
import { capList, evidenceOf, foundValues } from '../../evaluate/evidence'
import { unknownByFault } from '../../evaluate/verdict'
import type { ExtendedTarget, ExtendedVerdict } from '../contract'
import type { DnssecReason } from '../reasons/dnssec'
import { extendedJudge, type ExtendedJudge } from './judge'

export interface DnssecObservation {
  soa: DnsAnswer
  ds: DnsAnswer
  /** Asked with checking disabled, so that it comes also out of a zone that does not validate. */
  dnskey: DnsAnswer
  /** The SOA with checking disabled; only asked after SERVFAIL. */
  unchecked: DnsAnswer | null
  /** Whether the resolver validates at all: it does for the root. */
  validates: boolean
}

const DAY_MS = 86_400_000
const SOON_MS = 3 * DAY_MS
/** Zones that sign as they answer give short signatures; a share of the lifetime judges them alike. */
const SOON_SHARE = 1 / 4

/** RFC 4035, RFC 8914. Pure. */
export function evaluateDnssec(seen: DnssecObservation, target: ExtendedTarget, now: number): ExtendedVerdict {
  const answers = [seen.soa, seen.ds, seen.dnskey, ...(seen.unchecked ? [seen.unchecked] : [])]
  const found = { ds: foundValues(seen.ds), validates: seen.validates, authenticated: seen.soa.ad }
  const judge: ExtendedJudge<DnssecReason> = extendedJudge(evidenceOf(answers, [], found))
  const { domain } = target
  if (seen.ds.records.length > 0 && isAbsent(seen.dnskey)) return judge('fail', 'ds-without-key', { domain })
  if (seen.soa.outcome === 'servfail') return judgeServfail(seen, domain, judge)
  const fault = unknownByFault(judge, [seen.soa, seen.ds])
  if (fault) return fault
  if (seen.soa.ad) return judgeSignatures(seen.soa.signatures, now, judge)
  if (isAbsent(seen.ds)) {
    const hasKeys = seen.dnskey.records.length > 0
    return hasKeys ? judge('info', 'not-anchored', { domain }) : judge('info', 'unsigned', { domain })
  }
  return seen.validates ? judge('info', 'info-insecure', { domain }) : judge('unknown', 'resolver-not-validating')
}

/** A resolver says SERVFAIL for many causes: only one that names bad signatures, and has the answer without checking, convicts the zone. */
function judgeServfail(seen: DnssecObservation, domain: string, judge: ExtendedJudge<DnssecReason>): ExtendedVerdict {
  const answersUnchecked = seen.unchecked !== null && ['answer', 'nodata', 'nxdomain'].includes(seen.unchecked.outcome)
  if (!answersUnchecked) return unknownByFault(judge, [seen.soa])!
  const errors = capList(seen.soa.ede.map(describeExtendedError), 5)
  if (saysBogus(seen.soa.ede)) return judge('fail', 'bogus', { domain, errors })
  return judge('unknown', 'likely-bogus', { domain })
}

function judgeSignatures(signatures: DnsRecord[], now: number, judge: ExtendedJudge<DnssecReason>): ExtendedVerdict {
  const first = signatures.reduce<DnsRecord | null>(
    (least, one) => ((one.expiresAt ?? Infinity) < (least?.expiresAt ?? Infinity) ? one : least),
    null,
  )
  if (first?.expiresAt === undefined) return judge('pass', 'ok')
  const lifetime = first.expiresAt - (startOf(first) ?? first.expiresAt - SOON_MS / SOON_SHARE)
  const isSoon = first.expiresAt - now < Math.min(SOON_MS, lifetime * SOON_SHARE)
  const until = new Date(first.expiresAt).toISOString().slice(0, 16).replace('T', ' ')
  return isSoon ? judge('warn', 'signatures-end', { until }) : judge('pass', 'ok', { until })
}

/** The inception of a signature, ms: the sixth field of its presentation form (RFC 4034 §3.2). */
function startOf({ value }: DnsRecord): number | null {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(value.split(' ')[5] ?? '')?.map(Number) ?? []
  const [year, month, day, hour, minute, second] = parts
  if (second === undefined) return null
  return Date.UTC(year!, month! - 1, day, hour, minute, second)
}

const isAbsent = (answer: DnsAnswer) => answer.outcome === 'nodata' || answer.outcome === 'nxdomain'
