import type { DnsAnswer } from '#server/platform/dns/types'
import { capList, evidenceOf } from '../../evaluate/evidence'
import { parseTagList } from '../../evaluate/tag-list'
import { unknownByFault, unlessDisagreeing } from '../../evaluate/verdict'
import type { ExtendedTarget, ExtendedVerdict } from '../contract'
import type { TlsRptReason } from '../reasons/tls-rpt'
import { extendedJudge, type ExtendedJudge } from './judge'

export interface TlsRptObservation {
  record: DnsAnswer
  /** Policies that make senders hold mail back: the record of MTA-STS, and TLSA of the MX hosts. */
  sts: DnsAnswer
  tlsa: DnsAnswer[]
}

/** RFC 8460 §3. Pure. */
export function evaluateTlsRpt(seen: TlsRptObservation, target: ExtendedTarget): ExtendedVerdict {
  const records = seen.record.records.map((record) => record.value).filter(isTlsRpt)
  const evidence = evidenceOf([seen.record, seen.sts, ...seen.tlsa], [], { records: capList([...records].sort()) })
  const judge: ExtendedJudge<TlsRptReason> = extendedJudge(evidence)
  const fault = unknownByFault(judge, [seen.record])
  if (fault) return fault
  return unlessDisagreeing(judgeRecords(records, seen, target, judge), seen.record)
}

function judgeRecords(
  records: string[],
  seen: TlsRptObservation,
  target: ExtendedTarget,
  judge: ExtendedJudge<TlsRptReason>,
): ExtendedVerdict {
  const { name } = seen.record
  const [text, second] = records
  if (second !== undefined) return judge('warn', 'multiple', { name, count: records.length })
  if (text === undefined) return judgeAbsence(seen, target, judge)
  const { tags, duplicate } = parseTagList(text)
  if (duplicate) return judge('warn', 'malformed', { name, detail: `${duplicate}= stands there twice` })
  const rua = (tags.get('rua') ?? '')
    .split(',')
    .map((uri) => uri.trim())
    .filter(Boolean)
  if (rua.length === 0) return judge('warn', 'malformed', { name, detail: 'rua= is missing' })
  const wrong = rua.find((uri) => !isReportUri(uri))
  if (wrong) return judge('warn', 'malformed', { name, detail: `${wrong.slice(0, 200)} is neither mailto: nor https:` })
  return judge('pass', 'ok', { rua: capList(rua, 10) })
}

function judgeAbsence(seen: TlsRptObservation, target: ExtendedTarget, judge: ExtendedJudge<TlsRptReason>): ExtendedVerdict {
  if (!target.receives) return judge('pass', 'not-receiving-ok', { domain: target.domain })
  if (seen.sts.records.some((record) => /^v=STSv1\s*;/.test(record.value)))
    return judge('warn', 'absent-with-policy', { policy: 'MTA-STS' })
  if (seen.tlsa.some((answer) => answer.records.length > 0)) return judge('warn', 'absent-with-policy', { policy: 'DANE' })
  return judge('info', 'absent')
}

const isTlsRpt = (text: string) => /^v=TLSRPTv1\s*(?:;|$)/.test(text)
const isReportUri = (uri: string) => /^mailto:[^@\s]+@[^@\s]+$/i.test(uri) || /^https:\/\/[^\s/]+/i.test(uri)
