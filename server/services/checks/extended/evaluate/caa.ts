import type { DnsAnswer } from '#server/platform/dns/types'
import { capList, evidenceOf, foundValues } from '../../evaluate/evidence'
import { unknownByFault, unlessDisagreeing } from '../../evaluate/verdict'
import type { ExtendedTarget, ExtendedVerdict } from '../contract'
import type { CaaReason } from '../reasons/caa'
import { extendedJudge, type ExtendedJudge } from './judge'

export interface CaaObservation {
  /** The name that needs a certificate. */
  start: string
  /** From that name upwards, to the first CAA set, a fault or the top. */
  steps: DnsAnswer[]
}

const OUR_CA = 'letsencrypt.org'
/** RFC 8659 §4.1: a CA that does not know a property with this flag must not issue. */
const CRITICAL = 128
const KNOWN_TAGS = ['issue', 'issuewild', 'iodef', 'contactemail', 'contactphone', 'issuevmc', 'issuemail']

interface Property {
  flags: number
  tag: string
  value: string
}

/** RFC 8659 §3 to §4. Pure. */
export function evaluateCaa({ start, steps }: CaaObservation, target: ExtendedTarget): ExtendedVerdict {
  const last = steps.at(-1)
  const evidence = evidenceOf(steps, [], { name: last?.name ?? start, records: last ? foundValues(last) : [] })
  const judge: ExtendedJudge<CaaReason> = extendedJudge(evidence)
  if (!last) return judge('info', 'absent', { host: start })
  if (last.outcome === 'servfail') return judge('unknown', 'ca-would-refuse', { name: last.name })
  const fault = unknownByFault(judge, [last])
  if (fault) return fault
  if (last.records.length === 0) return judge('info', 'absent', { host: start })
  const properties = last.records.map((record) => propertyOf(record.value)).filter((property) => property !== null)
  return unlessDisagreeing(judgeProperties(properties, { start, at: last.name }, target, judge), last)
}

function judgeProperties(
  properties: Property[],
  { start, at }: { start: string; at: string },
  target: ExtendedTarget,
  judge: ExtendedJudge<CaaReason>,
): ExtendedVerdict {
  const critical = properties.find(({ flags, tag }) => (flags & CRITICAL) !== 0 && !KNOWN_TAGS.includes(tag))
  if (critical) return judge('fail', 'critical-unknown', { at, tag: critical.tag })
  const issuers = properties.filter(({ tag }) => tag === 'issue').map(({ value }) => issuerOf(value))
  const params = { host: start, at, issuers: capList([...new Set(issuers.filter(Boolean))].sort(), 10) }
  // RFC 8659 §4.2: a set without issue restricts nobody.
  if (issuers.length === 0) return judge('pass', 'ok-unrestricted', params)
  if (issuers.includes(OUR_CA)) return judge('pass', 'ok', params)
  return target.mailHost ? judge('fail', 'not-allowed', params) : judge('info', 'info-other-ca', params)
}

/** `flags tag "value"`; tags are case-insensitive. */
function propertyOf(text: string): Property | null {
  const [, flags, tag, value] = /^(\d+) (\S+) "(.*)"$/s.exec(text) ?? []
  return flags === undefined || tag === undefined ? null : { flags: Number(flags), tag: tag.toLowerCase(), value: value ?? '' }
}

/** RFC 8659 §4.2: the domain of the CA, before the parameters; empty when nobody may issue. */
const issuerOf = (value: string) => (value.split(';')[0] ?? '').trim().toLowerCase()
