import { createHash } from 'node:crypto'
import type { DnsAnswer } from '#server/platform/dns/types'
import type { HttpResult } from '#server/platform/http/types'
import { capList, capText, connectionEvidence, evidenceOf } from '../../evaluate/evidence'
import { isSilence, unknownByFault, unlessDisagreeing } from '../../evaluate/verdict'
import type { ExtendedTarget, ExtendedVerdict, Memory } from '../contract'
import type { Fetched } from '../fetch'
import { mxNames } from '../look'
import type { MtaStsReason } from '../reasons/mta-sts'
import { extendedJudge, type ExtendedJudge } from './judge'
import { coversHost, parseStsPolicy, type StsPolicy } from './sts-policy'

export interface MtaStsObservation {
  record: DnsAnswer
  mx: DnsAnswer
  /** What came of fetching the policy; null without a record. */
  policy: Fetched | null
  canaryOk: boolean
}

const SHORT_AGE_SEC = 86_400
const MAX_SHOWN_CHARS = 2_000

/** Whether a text at `_mta-sts` is the record of a policy (RFC 8461 §3.1). */
export const isStsRecord = (text: string) => /^v=STSv1[ \t]*(?:;|$)/.test(text)

type StsJudge = ExtendedJudge<MtaStsReason>

/** RFC 8461. Pure. */
export function evaluateMtaSts(seen: MtaStsObservation, target: ExtendedTarget): ExtendedVerdict {
  const records = seen.record.records.map(({ value }) => value).filter(isStsRecord)
  const result = seen.policy?.result ?? null
  const judge: StsJudge = extendedJudge(
    evidenceOf(
      [seen.record, seen.mx, ...(seen.policy ? [seen.policy.host.a, seen.policy.host.aaaa] : [])],
      seen.policy && result ? [connectionEvidence(seen.policy.url, result)] : [],
      {
        records: capList([...records].sort()),
        policy: result?.ok && result.status === 200 ? capText(result.body, MAX_SHOWN_CHARS) : null,
      },
    ),
  )
  const fault = unknownByFault(judge, [seen.record])
  if (fault) return fault
  return unlessDisagreeing(judgeRecords(records, seen, target, judge), seen.record)
}

function judgeRecords(records: string[], seen: MtaStsObservation, target: ExtendedTarget, judge: StsJudge): ExtendedVerdict {
  const { name } = seen.record
  const [text, second] = records
  if (text === undefined)
    return target.receives ? judge('info', 'absent') : judge('pass', 'not-receiving-ok', { domain: target.domain })
  if (second !== undefined) return judge('warn', 'multiple', { name, count: records.length })
  const id = /;[ \t]*id[ \t]*=[ \t]*([a-zA-Z0-9]{1,32})[ \t]*(?:;|$)/.exec(text)?.[1]
  if (id === undefined) return judge('warn', 'malformed-record', { name })
  return judgeFetch(id, seen, target, judge)
}

/** RFC 8461 §3.3: a valid certificate, status 200, no redirect, `text/plain`. */
function judgeFetch(id: string, seen: MtaStsObservation, target: ExtendedTarget, judge: StsJudge): ExtendedVerdict {
  const { host, result, url } = seen.policy!
  if (result === null) {
    const unknown = unknownByFault(judge, [host.a, host.aaaa])
    return unknown ?? judge('fail', 'policy-unreachable', { url, detail: 'the host has no address' })
  }
  if (!result.ok) return judgeFault(result, seen, judge)
  const { status } = result
  if (status >= 300 && status < 400) return judge('fail', 'policy-redirected', { url, status })
  if (status !== 200) return judge('fail', 'policy-unreachable', { url, detail: `HTTP ${status}` })
  if (result.truncated) return judge('fail', 'policy-too-large', { url })
  const policy = parseStsPolicy(result.body)
  if (typeof policy === 'string') return judge('fail', 'policy-malformed', { url, detail: policy })
  const now = { id, digest: createHash('sha256').update(result.body).digest('hex') }
  const verdict = isUnannounced(now, target.memory)
    ? judge('warn', 'id-unchanged', { id })
    : judgePolicy(policy, result, seen, judge)
  // What was seen under an id stays until the id changes: only then do senders fetch the policy again.
  return target.memory?.id === id ? verdict : { ...verdict, memory: now }
}

const isUnannounced = (now: { id: string; digest: string }, before: Memory | null) =>
  before !== null && before.id === now.id && before.digest !== now.digest

function judgeFault(result: Extract<HttpResult, { ok: false }>, seen: MtaStsObservation, judge: StsJudge): ExtendedVerdict {
  const { fault, address } = result
  const { url } = seen.policy!
  if (fault === 'blocked-address') return judge('unknown', 'blocked-address', { address })
  if (fault === 'tls-invalid')
    return judge('fail', 'policy-certificate', { url, fault: result.tls?.trustError ?? 'another name' })
  if (!isSilence(fault)) return judge('fail', 'policy-unreachable', { url, detail: fault })
  return seen.canaryOk ? judge('unknown', 'policy-silent', { url }) : judge('unknown', 'monitor-fault', { target: address })
}

function judgePolicy(
  policy: StsPolicy,
  result: Extract<HttpResult, { ok: true }>,
  seen: MtaStsObservation,
  judge: StsJudge,
): ExtendedVerdict {
  if (policy.mode === 'none') return judge('warn', 'mode-none')
  const fault = unknownByFault(judge, [seen.mx])
  if (fault) return fault
  const uncovered = mxNames(seen.mx).filter((host) => !coversHost(policy, host))
  if (uncovered.length > 0)
    return judge(policy.mode === 'enforce' ? 'fail' : 'warn', 'mx-not-covered', {
      hosts: capList(uncovered, 10),
      mode: policy.mode,
    })
  const type = (result.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  if (type !== 'text/plain') return judge('warn', 'media-type', { type: capText(type, 100) || 'none' })
  if (policy.mode === 'testing') return judge('warn', 'mode-testing')
  if (policy.maxAgeSec < SHORT_AGE_SEC) return judge('warn', 'short-max-age', { seconds: policy.maxAgeSec })
  return judge('pass', 'ok', { days: Math.floor(policy.maxAgeSec / 86_400) })
}
