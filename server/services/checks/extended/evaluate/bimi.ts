import type { DnsAnswer } from '#server/platform/dns/types'
import { type DnsDmarcObservation, recordsOfWalk } from '../../evaluate/dns-dmarc'
import type { DmarcRecord } from '../../evaluate/dmarc-record'
import { inheritedRecord } from '../../evaluate/dmarc-walk'
import { capList, capText, connectionEvidence, evidenceOf } from '../../evaluate/evidence'
import { parseTagList } from '../../evaluate/tag-list'
import { isSilence, unknownByFault, unlessDisagreeing } from '../../evaluate/verdict'
import type { ExtendedTarget, ExtendedVerdict } from '../contract'
import type { Fetched } from '../fetch'
import type { BimiReason } from '../reasons/bimi'
import { extendedJudge, type ExtendedJudge } from './judge'
import { readMarkCertificate } from './mark-certificate'
import { svgFault } from './svg-profile'

export interface BimiObservation {
  record: DnsAnswer
  /** The walk to the DMARC policy; null without a logo. */
  dmarc: DnsDmarcObservation | null
  /** Null without a logo, or with an address that is not https. */
  logo: Fetched | null
  certificate: Fetched | null
}

/** A BIMI record: address of the logo and of its certificate, empty when they are. */
export interface BimiRecord {
  logo: string
  evidence: string
}

type BimiJudge = ExtendedJudge<BimiReason>

const DAY_MS = 86_400_000
const SOON_MS = 30 * DAY_MS
/** Section 4.1.1 of the profile's guide: receivers may leave larger logos aside. */
const MAX_LOGO_CHARS = 32 * 1024

const isBimi = (text: string) => /^v=BIMI1[ \t]*(?:;|$)/i.test(text)

/** The one record of an answer; null when there is none, or more than one. */
export function parseBimiRecord(answer: DnsAnswer): BimiRecord | null {
  const [text, second] = answer.records.map(({ value }) => value).filter(isBimi)
  if (text === undefined || second !== undefined) return null
  const { tags } = parseTagList(text)
  return { logo: tags.get('l') ?? '', evidence: tags.get('a') ?? '' }
}

/** draft-brand-indicators-for-message-identification. Pure. */
export function evaluateBimi(seen: BimiObservation, target: ExtendedTarget, now: number): ExtendedVerdict {
  const texts = seen.record.records.map(({ value }) => value).filter(isBimi)
  const fetched = [seen.logo, seen.certificate].filter((one) => one !== null)
  const { certificate } = seen
  const mark = certificate?.result?.ok ? readMarkCertificate(certificate.result.body) : null
  const judge: BimiJudge = extendedJudge(
    evidenceOf(
      [seen.record, ...(seen.dmarc?.steps.map(({ answer }) => answer) ?? [])],
      fetched.flatMap(({ url, result }) => (result ? [connectionEvidence(url, result)] : [])),
      { records: capList([...texts].sort()), certificate: mark && { ...mark, names: capList(mark.names, 20) } },
    ),
  )
  const fault = unknownByFault(judge, [seen.record])
  if (fault) return fault
  if (texts.length === 0) return judge('info', 'absent')
  if (texts.length > 1) return judge('warn', 'multiple', { name: seen.record.name, count: texts.length })
  return unlessDisagreeing(judgeRecord(parseBimiRecord(seen.record)!, seen, { target, now, judge }), seen.record)
}

interface Judging {
  target: ExtendedTarget
  now: number
  judge: BimiJudge
}

function judgeRecord(record: BimiRecord, seen: BimiObservation, { target, now, judge }: Judging): ExtendedVerdict {
  if (record.logo === '')
    return record.evidence === '' ? judge('info', 'info-declined') : judge('warn', 'malformed', { detail: 'l= is missing' })
  if (!seen.logo) return judge('warn', 'malformed', { detail: `${capText(record.logo, 200)} is no https address` })
  return (
    judgePolicy(seen, target, judge) ??
    judgeLogo(seen.logo, judge) ??
    (record.evidence === '' ? judge('info', 'no-certificate') : judgeCertificate(seen, { target, now, judge }))
  )
}

/** Receivers ask for quarantine or reject of all mail, of subdomains too. */
function judgePolicy({ dmarc }: BimiObservation, target: ExtendedTarget, judge: BimiJudge): ExtendedVerdict | null {
  const steps = dmarc?.steps ?? []
  const fault = unknownByFault(
    judge,
    steps.map(({ answer }) => answer),
  )
  const found = recordsOfWalk(steps)
  const own = found.find(({ domain }) => domain === target.domain)
  const policy = own ?? inheritedRecord(target.domain, found)
  if (!policy && fault) return fault
  const applied = policy ? (own ? policy.record.p : (policy.record.sp ?? policy.record.p)) : null
  return policy && isEnforced(applied) && isWhole(policy.record)
    ? null
    : judge('warn', 'dmarc-not-enforced', { policy: applied ?? 'none' })
}

const isEnforced = (policy: string | null) => policy === 'quarantine' || policy === 'reject'
const isWhole = ({ sp, pct, testing }: DmarcRecord) => sp !== 'none' && (pct === null || pct === 100) && !testing

function judgeLogo(logo: Fetched, judge: BimiJudge): ExtendedVerdict | null {
  const missing = judgeFetch(logo, judge)
  if (missing) return missing
  const body = logo.result?.ok ? logo.result.body : ''
  if (body.length > MAX_LOGO_CHARS) return judge('warn', 'logo-profile', { url: logo.url, detail: 'it is larger than 32 KB' })
  const detail = svgFault(body)
  return detail === null ? null : judge('warn', 'logo-profile', { url: logo.url, detail })
}

/** Null when the document is there. */
function judgeFetch({ url, host, result }: Fetched, judge: BimiJudge): ExtendedVerdict | null {
  if (result === null)
    return unknownByFault(judge, [host.a, host.aaaa]) ?? judge('warn', 'unreachable', { url, detail: 'no address' })
  if (!result.ok && result.fault === 'blocked-address') return judge('unknown', 'blocked-address', { address: result.address })
  if (!result.ok) return judge(isSilence(result.fault) ? 'unknown' : 'warn', 'unreachable', { url, detail: result.fault })
  return result.status === 200 ? null : judge('warn', 'unreachable', { url, detail: `HTTP ${result.status}` })
}

function judgeCertificate({ certificate }: BimiObservation, { target, now, judge }: Judging): ExtendedVerdict {
  if (!certificate) return judge('warn', 'malformed', { detail: 'a= is no https address' })
  const missing = judgeFetch(certificate, judge)
  if (missing) return missing
  const { url, result } = certificate
  const mark = result?.ok ? readMarkCertificate(result.body) : null
  if (!mark) return judge('warn', 'certificate-invalid', { url, detail: 'it is not in PEM form' })
  if (!mark.isForMarks) return judge('warn', 'certificate-invalid', { url, detail: 'it is not for marks' })
  if (!mark.names.some((name) => covers(name, target.domain)))
    return judge('warn', 'certificate-invalid', { url, detail: `it does not name ${target.domain}` })
  if (!mark.chainHolds) return judge('warn', 'certificate-invalid', { url, detail: 'its chain is incomplete or does not hold' })
  const date = new Date(mark.notAfter).toISOString().slice(0, 10)
  if (now > mark.notAfter) return judge('fail', 'certificate-expired', { date })
  return mark.notAfter - now < SOON_MS ? judge('warn', 'certificate-ends', { date }) : judge('pass', 'ok', { date })
}

/** A certificate names the domain, one above it, or the place of the record. */
const covers = (name: string, domain: string) => {
  const bare = name.replace(/^default\._bimi\./, '')
  return domain === bare || domain.endsWith(`.${bare}`)
}
