import type { DnsAnswer } from '#server/platform/dns/types'
import type { CheckTarget, Verdict } from '../collectors/contract'
import type { DnsSpfReason } from '../reasons/dns-spf'
import { capList, capText, evidenceOf } from './evidence'
import { lintSpf } from './spf-lint'
import { isSpfRecord } from './spf-terms'
import { findNote, spfTree, type SpfTree } from './spf-tree'
import { dnsFault, judgeFault, judgeOver, unknownByFault, unlessDisagreeing, type Judge } from './verdict'

export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'temperror' | 'permerror'

/** check_host (RFC 7208 §4) for one address. */
export interface SpfEvaluation {
  address: string
  result: SpfResult
  /** The reason of a permerror or temperror, as the engine words it. */
  text: string
  /** Terms that cost a DNS query, over the whole recursion (§4.6.4). */
  lookups: number
  voids: number
}

export interface DnsSpfObservation {
  record: DnsAnswer
  /** Every question that the evaluations asked, each once. */
  answers: DnsAnswer[]
  /** Addresses that nobody sends from: they walk the whole record, and a pass means that everybody may send. Null without one record. */
  probes: { v4: SpfEvaluation; v6: SpfEvaluation } | null
  /** The sending addresses of the mail host. */
  senders: SpfEvaluation[]
}

/** RFC 7208 §4.6.4: ten terms that cost a query, two void answers. */
const MAX_LOOKUPS = 10
const NEAR_LOOKUPS = 8
const MAX_VOIDS = 2
const LARGE_RECORD_OCTETS = 450
const LARGE_SET_OCTETS = 1_232

type SpfJudge = Judge<DnsSpfReason>
/** What was seen, and the look-up tree of the one record; null without exactly one. */
type Seen = DnsSpfObservation & { tree: SpfTree | null }

/** RFC 7208. Pure. */
export function evaluateDnsSpf(observation: DnsSpfObservation, target: CheckTarget): Verdict {
  const records = observation.record.records.map((record) => record.value).filter(isSpfRecord)
  const tree = records.length === 1 && records[0] !== undefined ? spfTree(target.domain, records[0], observation.answers) : null
  const seen: Seen = { ...observation, tree }
  const evidence = evidenceOf([seen.record, ...seen.answers.filter((answer) => answer !== seen.record)], [], {
    records: capList([...records].sort()),
    lookups: seen.probes?.v4.lookups ?? 0,
    voids: seen.probes?.v4.voids ?? 0,
    tree,
    senders: Object.fromEntries(seen.senders.map((sender) => [sender.address, sender.result])),
  })
  const judge: SpfJudge = judgeOver(evidence)
  const fault = judgeFault(judge, seen.record)
  if (fault) return fault
  return unlessDisagreeing(judgeRecords(records, seen, target, judge), seen.record)
}

function judgeRecords(records: string[], seen: Seen, target: CheckTarget, judge: SpfJudge): Verdict {
  const [record] = records
  if (record === undefined) return judge('fail', 'missing', { domain: target.domain })
  if (records.length > 1) return judge('fail', 'multiple', { count: records.length })
  const lint = lintSpf(record)
  if (lint.permissiveTerm) return judge('fail', 'too-permissive', { term: lint.permissiveTerm })
  const verdict = judgeEvaluations(record, seen, target, judge)
  // A ptr that cannot be looked up only fails to match (§5.5): what follows from that is not the domain's failure.
  return verdict.status === 'fail' ? (unknownByFault(judge, seen.answers) ?? verdict) : verdict
}

function judgeEvaluations(record: string, seen: Seen, target: CheckTarget, judge: SpfJudge): Verdict {
  const { probes, senders } = seen
  if (!probes) return judge('unknown', 'internal-fault')
  const broken = judgeError(probes.v4, seen, judge) ?? firstOf(senders.map((sender) => judgeError(sender, seen, judge)))
  if (broken) return broken
  if (probes.v4.result === 'pass' || probes.v6.result === 'pass')
    return judge('fail', 'too-permissive', { term: capText(record, 200) })
  if (!target.sends) return judgeSilentDomain(record, judge)
  const params = {
    record: capText(record, 500),
    senders: capList(senders.map((sender) => sender.address)),
    closes: probes.v4.result,
  }
  return judgeSenders(senders, judge) ?? judgeStyle(record, seen, judge) ?? judge('pass', 'ok', params)
}

/** A domain that sends nothing says so with `-all` alone. */
function judgeSilentDomain(record: string, judge: SpfJudge): Verdict {
  return /^v=spf1 +-all *$/i.test(record)
    ? judge('pass', 'not-sending-ok')
    : judge('warn', 'authorises-senders', { record: capText(record, 500) })
}

/** permerror is the record's fault; temperror is the resolver's (RFC 7208 §2.6.6, §2.6.7). Null for a result. */
function judgeError(evaluation: SpfEvaluation, seen: Seen, judge: SpfJudge): Verdict | null {
  if (evaluation.result === 'permerror') return judgePermerror(evaluation, seen, judge)
  if (evaluation.result !== 'temperror') return null
  return (
    unknownByFault(judge, seen.answers.filter(dnsFault)) ??
    judge('unknown', 'dns-fault', { name: evaluation.address, type: 'SPF', outcome: 'temperror' })
  )
}

/** How the engine words its errors (mailauth/lib/spf), and which reason each is. */
const WORDED: readonly { pattern: RegExp; judge: (judge: SpfJudge, found: string) => Verdict }[] = [
  {
    pattern: /too many dns requests()/i,
    judge: (judge) => judge('fail', 'too-many-mx', { limit: MAX_LOOKUPS }),
  },
  {
    pattern: /(?:no|multiple) SPF records found for (\S+)/i,
    judge: (judge, target) => judge('fail', 'include-broken', { target: capText(target, 253) }),
  },
  {
    pattern: /unknown mechanism "?([^"]*)/i,
    judge: (judge, mechanism) => judge('fail', 'unknown-mechanism', { mechanism: capText(mechanism, 60) }),
  },
  {
    pattern: /more than 1 (\w+) found/i,
    judge: (judge, modifier) => judge('fail', 'duplicate-modifier', { modifier }),
  },
]

function judgePermerror({ lookups, voids, text }: SpfEvaluation, { answers, tree }: Seen, judge: SpfJudge): Verdict {
  const loop = tree && findNote(tree.terms, 'loop')
  if (loop) return judge('fail', 'include-loop', { target: loop.target, term: loop.term })
  if (lookups > MAX_LOOKUPS)
    return judge('fail', 'too-many-lookups', { limit: MAX_LOOKUPS, lookups: Math.max(lookups, tree?.cost ?? 0) })
  if (voids > MAX_VOIDS) return judge('fail', 'void-lookups', { limit: MAX_VOIDS, names: voidNames(answers) })
  for (const { pattern, judge: judgeWorded } of WORDED) {
    const found = pattern.exec(text)
    if (found) return judgeWorded(judge, found[1] ?? '')
  }
  return judge('fail', 'syntax', { text: capText(text, 300) })
}

/** Whether the mail host may send: pass for each of its addresses, in both families. Null when all may. */
function judgeSenders(senders: SpfEvaluation[], judge: SpfJudge): Verdict | null {
  const refused = senders.filter((sender) => sender.result !== 'pass')
  if (refused.length === 0) return null
  const addresses = refused.map((sender) => sender.address)
  if (refused.length === senders.length) return judge('fail', 'does-not-authorise-us', { addresses })
  for (const family of ['IPv4', 'IPv6']) {
    const ofFamily = senders.filter((sender) => familyOf(sender.address) === family)
    if (ofFamily.length > 0 && ofFamily.every((sender) => sender.result !== 'pass'))
      return judge('warn', 'family-missing', { family, addresses })
  }
  return judge('warn', 'address-missing', { addresses })
}

function judgeStyle(record: string, seen: Seen, judge: SpfJudge): Verdict | null {
  const lint = lintSpf(record)
  const probe = seen.probes?.v4
  const setOctets = octetsOfSet(seen.record)
  if (probe?.result === 'neutral') return judge('warn', 'neutral-all')
  if (probe && probe.lookups >= NEAR_LOOKUPS) return judge('warn', 'near-limit', { lookups: probe.lookups, limit: MAX_LOOKUPS })
  if (probe?.voids === MAX_VOIDS) return judge('warn', 'near-void-limit', { names: voidNames(seen.answers) })
  if (seen.probes?.v6.result === 'permerror' && seen.probes.v6.voids > MAX_VOIDS)
    return judge('warn', 'void-lookups-ipv6', { limit: MAX_VOIDS, names: voidNames(seen.answers, 'AAAA') })
  if (lint.usesPtr) return judge('warn', 'ptr')
  if (lint.redirectIgnored) return judge('warn', 'redirect-ignored')
  if (lint.termsAfterAll.length > 0) return judge('warn', 'terms-after-all', { terms: capList(lint.termsAfterAll, 10) })
  if (lint.octets > LARGE_RECORD_OCTETS || setOctets > LARGE_SET_OCTETS)
    return judge('warn', 'large', { octets: lint.octets, setOctets })
  return null
}

const firstOf = (verdicts: (Verdict | null)[]) => verdicts.find((verdict) => verdict !== null) ?? null
const familyOf = (address: string) => (address.includes(':') ? 'IPv6' : 'IPv4')
/** What the TXT answer takes on the wire: twelve octets around each record, one before each string. */
const octetsOfSet = (answer: DnsAnswer) =>
  answer.records.reduce((sum, { value, strings }) => sum + 12 + (strings?.length ?? 1) + Buffer.byteLength(value), 0)
const voidNames = (answers: DnsAnswer[], type?: 'AAAA') => {
  const voids = answers.filter((one) => (one.outcome === 'nxdomain' || one.outcome === 'nodata') && (!type || one.type === type))
  return capList([...new Set(voids.map((one) => one.name))], 10)
}
