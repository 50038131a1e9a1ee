import { getDomain } from 'tldts'
import type { DnsAnswer } from '#server/platform/dns/types'
import type { CheckTarget, Verdict } from '../collectors/contract'
import type { DnsDmarcReason } from '../reasons/dns-dmarc'
import { inheritedPolicy, isDmarcRecord, isPolicy, parseDmarcRecord, reportAddresses, type DmarcRecord } from './dmarc-record'
import { inheritedRecord, type FoundRecord } from './dmarc-walk'
import { capList, capText, evidenceOf } from './evidence'
import { isFault, judgeFault, judgeOver, unknownByFault, unlessDisagreeing, type Judge } from './verdict'

export interface DnsDmarcObservation {
  /** The tree walk from the domain upwards; it ends at a record, a `psd` tag, a fault or the top. */
  steps: { domain: string; answer: DnsAnswer }[]
  /** TXT of the domain itself, asked when no record was found (people publish there by mistake), or to learn whether there is such a domain. */
  apex: DnsAnswer | null
  /** Where the reports go: whether mail can arrive, and whether another organisation accepts them (null for the own one). */
  reports: { host: string; mx: DnsAnswer; consent: DnsAnswer | null }[]
}

type DmarcJudge = Judge<DnsDmarcReason>

/** The DMARC records of an answer; other texts are discarded (RFC 9989 §4.10). */
export function dmarcRecords(answer: DnsAnswer): DmarcRecord[] {
  return answer.records.filter((record) => isDmarcRecord(record.value)).map((record) => parseDmarcRecord(record.value))
}

/** The records that the walk may use: several at one name are all discarded (RFC 9989 §4.10). */
export function recordsOfWalk(steps: DnsDmarcObservation['steps']): FoundRecord[] {
  return steps.flatMap(({ domain, answer }) => {
    const [record, second] = dmarcRecords(answer)
    return record && !second ? [{ domain, record }] : []
  })
}

/** RFC 9989, with notes for receivers that still follow RFC 7489. Pure. */
export function evaluateDnsDmarc(seen: DnsDmarcObservation, target: CheckTarget): Verdict {
  const [own, ...above] = seen.steps
  const records = Object.fromEntries(
    seen.steps.map(({ domain, answer }) => [
      `_dmarc.${domain}`,
      capList(
        dmarcRecords(answer)
          .map((record) => record.text)
          .sort(),
      ),
    ]),
  )
  const answers = [
    ...seen.steps.map((step) => step.answer),
    ...(seen.apex ? [seen.apex] : []),
    ...seen.reports.flatMap(({ mx, consent }) => (consent ? [mx, consent] : [mx])),
  ]
  const inherited = inheritedRecord(target.domain, recordsOfWalk(above))
  const applied = own ? (recordsOfWalk([own])[0] ?? inherited) : inherited
  const judge: DmarcJudge = judgeOver(
    evidenceOf(answers, [], {
      records,
      inherited: inherited?.record.text ?? null,
      notes: applied?.record.notes ?? [],
      ...(own && dmarcRecords(own.answer).length > 1 ? { readings: readingsOfMany(inherited) } : {}),
    }),
  )
  if (!own) return judge('unknown', 'internal-fault')
  const fault = judgeFault(judge, own.answer)
  if (fault) return fault
  return unlessDisagreeing(judgeWalk(seen, target, inherited, judge), own.answer)
}

function judgeWalk(seen: DnsDmarcObservation, target: CheckTarget, inherited: FoundRecord | null, judge: DmarcJudge): Verdict {
  const own = seen.steps[0] ? dmarcRecords(seen.steps[0].answer) : []
  if (own.length > 1) {
    const { rfc9989: newReaders, rfc7489: oldReaders } = readingsOfMany(inherited)
    return judge('fail', 'multiple-records', { count: own.length, domain: target.domain, newReaders, oldReaders })
  }
  if (own[0]) return judgeRecord({ domain: target.domain, record: own[0] }, seen, target, judge)
  // A fault on the way up hides what might be inherited: neither inherit nor blame.
  const fault = unknownByFault(
    judge,
    seen.steps.map((step) => step.answer),
  )
  if (fault) return fault
  return inherited ? judgeRecord(inherited, seen, target, judge) : judgeAbsence(seen, target, judge)
}

/** What receivers make of several records: new ones discard them and walk on, old ones stop (RFC 9989 §4.10, RFC 7489 §6.6.3). */
const readingsOfMany = (inherited: FoundRecord | null) => ({
  rfc9989: (inherited && inheritedPolicy(inherited.record, true)) ?? 'no policy',
  rfc7489: 'no policy',
})

/** No policy anywhere: say what stands there instead, when something does. */
function judgeAbsence(seen: DnsDmarcObservation, target: CheckTarget, judge: DmarcJudge): Verdict {
  const params = { domain: target.domain }
  const [misplaced] = seen.apex ? dmarcRecords(seen.apex) : []
  if (misplaced) return judge('fail', 'wrong-location', { ...params, record: capText(misplaced.text, 500) })
  const atName = seen.steps[0]?.answer.records ?? []
  return judge('fail', atName.some((record) => /^v=spf1/i.test(record.value)) ? 'spf-found' : 'missing', params)
}

function judgeRecord(found: FoundRecord, seen: DnsDmarcObservation, target: CheckTarget, judge: DmarcJudge): Verdict {
  const { record } = found
  const isOwn = found.domain === target.domain
  const params = { record: capText(record.text, 500), from: found.domain }
  const wrong = [record.p, record.sp, record.np].filter((value) => value !== null).find((value) => !isPolicy(value))
  if (record.p === null || wrong !== undefined) {
    // RFC 9989 §4.10.1: with a report address it counts as p=none, without one there is no DMARC.
    const status = reportAddresses(record).hosts.length > 0 ? 'warn' : 'fail'
    if (wrong === undefined) return judge(status, 'missing-policy', params)
    return judge(status, 'invalid-policy', { ...params, policy: capText(wrong, 60) })
  }
  const fault = !isOwn && seen.apex && record.np !== null ? unknownByFault(judge, [seen.apex]) : null
  if (fault) return fault
  const effective = isOwn ? record.p : inheritedPolicy(record, !isAbsent(seen.apex))
  if (effective === 'none') return judge('warn', 'monitor-only', params)
  return (
    judgeStrength(found, target, { ...params, policy: String(effective) }, judge) ??
    judgeReports(record, seen, params, judge) ??
    judge('pass', isOwn ? 'ok' : 'inherited', { ...params, policy: String(effective) })
  )
}

function judgeStrength(
  { domain, record }: FoundRecord,
  target: CheckTarget,
  params: Verdict['params'],
  judge: DmarcJudge,
): Verdict | null {
  if (record.testing) return judge('warn', 'testing', { ...params, applied: params.policy === 'reject' ? 'quarantine' : 'none' })
  if (domain === target.domain && record.sp === 'none') return judge('warn', 'subdomains-open', params)
  if (domain === target.domain && record.np === 'none') return judge('warn', 'nonexistent-open', params)
  if (record.pct !== null && record.pct < 100) return judge('warn', 'pct-partial', { ...params, pct: record.pct })
  // Receivers of RFC 7489 find the organisation by the public suffix list and look nowhere else.
  const bySuffixList = getDomain(target.domain, { allowPrivateDomains: true })
  const differs = domain !== target.domain && bySuffixList !== null && bySuffixList !== domain
  return differs ? judge('warn', 'receivers-may-differ', { ...params, bySuffixList }) : null
}

function judgeReports(
  record: DmarcRecord,
  seen: DnsDmarcObservation,
  params: Verdict['params'],
  judge: DmarcJudge,
): Verdict | null {
  const { hosts, invalid } = reportAddresses(record)
  if (invalid.length > 0) return judge('warn', 'bad-report-address', { ...params, addresses: capList(invalid, 10) })
  if (hosts.length === 0) return judge('warn', 'no-reports', params)
  // RFC 9990 §4: an address in another organisation has to agree; a fault of that look-up decides nothing.
  for (const { host, consent } of seen.reports)
    if (consent && !isFault(consent.outcome) && !consent.records.some((one) => isDmarcRecord(one.value)))
      return judge('warn', 'reports-not-authorised', { ...params, host, name: consent.name })
  const deaf = seen.reports.find(({ mx }) => !isFault(mx.outcome) && !mx.records.some((one) => (one.exchange ?? '') !== ''))
  return deaf ? judge('warn', 'reports-undeliverable', { ...params, host: deaf.host }) : null
}

/** RFC 9989 appendix A.4: only NXDOMAIN means that there is no such domain; an alias that leads nowhere exists. */
const isAbsent = (apex: DnsAnswer | null) => apex?.outcome === 'nxdomain' && apex.cnames.length === 0
