import type { DnsAnswer } from '#server/platform/dns/types'
import type { CheckStatus } from '#shared/schemas/checks'
import type { CheckTarget, Verdict } from '../collectors/contract'
import type { DnsDkimReason } from '../reasons/dns-dkim'
import { readDeclaredKey, readPublishedKey, type PublicKeyFacts } from './dkim-key'
import { capList, capText, evidenceOf, foundValues } from './evidence'
import { parseTagList, type TagList } from './tag-list'
import { domainFault, judgeOver, unlessDisagreeing } from './verdict'
import type { SharedReason } from '../reasons/shared'

export interface DnsDkimObservation {
  /** One answer for each selector, in the order of the target's list. */
  keys: { selector: string; answer: DnsAnswer }[]
}

/** What one selector comes to, before all are weighed. */
interface Finding {
  selector: string
  status: CheckStatus
  reason: DnsDkimReason | SharedReason
  params: Verdict['params']
  keyType?: 'rsa' | 'ed25519'
  answer: DnsAnswer
}
type Found = Pick<Finding, 'status' | 'reason'> & { params?: Verdict['params']; keyType?: 'rsa' | 'ed25519' }

/** RFC 8301 §3.2: verifiers must not accept less; signers should use at least 2048. */
const MIN_RSA_BITS = 1_024
const GOOD_RSA_BITS = 2_048

/** RFC 6376 §3.6, RFC 8301, RFC 8463. Pure. */
export function evaluateDnsDkim(seen: DnsDkimObservation, target: CheckTarget): Verdict {
  const found = Object.fromEntries(seen.keys.map(({ selector, answer }) => [selector, foundValues(answer)]))
  const evidence = evidenceOf(
    seen.keys.map((key) => key.answer),
    [],
    { keys: found },
  )
  const judge = judgeOver<DnsDkimReason>(evidence)
  const findings = seen.keys.map(({ selector, answer }) => {
    const declared = target.dkim.find((one) => one.selector === selector)?.publicKey
    const { status, reason, params, keyType } = judgeSelector(answer, declared, target.signedSubdomains ?? [])
    const finding: Finding = {
      selector,
      status,
      reason,
      params: { selector, ...params },
      answer,
      ...(keyType ? { keyType } : {}),
    }
    return finding
  })
  const chosen = weigh(findings)
  if (!chosen) return judge('skipped', 'no-selector')
  return unlessDisagreeing(judge(chosen.status, chosen.reason, chosen.params), chosen.answer)
}

/** One good selector carries the mail; a broken one beside it is a warning, an unknown one decides nothing. */
function weigh(findings: Finding[]): Finding | null {
  const by = (status: CheckStatus) => findings.filter((finding) => finding.status === status)
  const [fails, warns, passes, unknowns] = [by('fail'), by('warn'), by('pass'), by('unknown')]
  const good = [...passes, ...warns]
  if (good.length === 0) return unknowns[0] ?? fails[0] ?? null
  if (fails[0]) return { ...fails[0], status: 'warn', reason: 'some-selectors-bad', params: badSelectors(fails) }
  const onlyEd25519 = unknowns.length === 0 && good.every((finding) => finding.keyType === 'ed25519')
  if (!warns[0] && passes[0] && onlyEd25519) return { ...passes[0], status: 'warn', reason: 'only-ed25519' }
  if (warns[0]) return warns[0]
  return passes[0] ? { ...passes[0], params: { selectors: passes.map((finding) => finding.selector) } } : null
}

const badSelectors = (fails: Finding[]) => ({
  selectors: fails.map((finding) => finding.selector),
  reasons: [...new Set(fails.map((finding) => finding.reason))],
})

function judgeSelector(answer: DnsAnswer, declared: string | undefined, subdomains: readonly string[]): Found {
  const fault = domainFault(answer)
  if (fault) return fault
  if (answer.outcome !== 'answer') {
    const target = answer.cnames.at(-1)
    return target
      ? { status: 'fail', reason: 'dangling-cname', params: { target } }
      : { status: 'fail', reason: 'missing', params: { name: answer.name } }
  }
  // An empty text is no record; a text that is no key (a stray verification) does not make the key ambiguous.
  const texts = answer.records.map((record) => record.value).filter((text) => text.trim() !== '')
  const keys = texts.filter(looksLikeKey)
  const [text] = keys
  if (texts.length === 0) return { status: 'fail', reason: 'missing', params: { name: answer.name } }
  if (text === undefined) return malformed(`no key in ${capText(texts[0] ?? '', 60)}`)
  return keys.length > 1
    ? { status: 'fail', reason: 'multiple', params: { count: keys.length } }
    : judgeKey(text, declared, subdomains)
}

const looksLikeKey = (text: string) => /(^|;)["\s]*(v\s*=\s*DKIM|p\s*=)/i.test(text)
const malformed = (detail: string): Found => ({ status: 'fail', reason: 'malformed', params: { detail } })

function judgeKey(text: string, declared: string | undefined, subdomains: readonly string[]): Found {
  // Panels that escape twice leave quotes and backslashes inside the text.
  const cleaned = text.replace(/["\\]/g, '')
  const record = parseTagList(cleaned)
  const found = judgeTags(record) ?? judgePublicKey(record, declared) ?? judgeUse(record, subdomains)
  if (found.status === 'pass' && cleaned !== text) return { ...found, status: 'warn', reason: 'panel-artefacts' }
  return found
}

/** The tags around the key (RFC 6376 §3.6.1). Null when they allow it to be used. */
function judgeTags({ tags, first, duplicate, broken }: TagList): Found | null {
  if (duplicate) return malformed(`the tag ${capText(duplicate, 40)} twice`)
  if (broken) return malformed(`${capText(broken, 60)} without a value`)
  const version = tags.get('v')
  if (version !== undefined && (version !== 'DKIM1' || first !== 'v'))
    return { status: 'fail', reason: 'wrong-version', params: { version: capText(version, 40) } }
  const key = tags.get('p')
  if (key === undefined) return { status: 'fail', reason: 'no-key' }
  if (key === '') return { status: 'fail', reason: 'revoked' }
  const services = listOf(tags.get('s') ?? '*')
  if (!services.includes('*') && !services.includes('email'))
    return { status: 'fail', reason: 'not-for-email', params: { services } }
  const hashes = tags.get('h')
  if (hashes !== undefined && !listOf(hashes).includes('sha256'))
    return { status: 'fail', reason: 'no-sha256', params: { hashes: capText(hashes, 60) } }
  const type = tags.get('k') ?? 'rsa'
  return type === 'rsa' || type === 'ed25519'
    ? null
    : { status: 'fail', reason: 'unknown-type', params: { type: capText(type, 40) } }
}

/** The key itself (RFC 8301 §3.2, RFC 8463 §4). Null when it is ours, as far as is known, and long enough to be accepted. */
function judgePublicKey({ tags }: TagList, declared: string | undefined): Found | null {
  const text = tags.get('p') ?? ''
  const keyType = keyTypeOf(tags)
  const key = readPublishedKey(keyType, text)
  if (!key) {
    const isWrapped = keyType === 'ed25519' && readDeclaredKey(text)?.type === 'ed25519'
    return { status: 'fail', reason: isWrapped ? 'ed25519-wrapped' : 'bad-key', params: { type: keyType } }
  }
  if (key.type === 'rsa' && (key.bits ?? 0) < MIN_RSA_BITS)
    return { status: 'fail', reason: 'weak-key', params: { bits: key.bits ?? 0 } }
  return declared && !isSameKey(key, text, declared) ? { status: 'fail', reason: 'key-differs' } : null
}

/** A key that can be used: what its owner should know all the same. */
function judgeUse({ tags }: TagList, subdomains: readonly string[]): Found {
  const keyType = keyTypeOf(tags)
  const flags = listOf(tags.get('t') ?? '')
  if (flags.includes('y')) return { status: 'warn', reason: 'testing', keyType }
  if (flags.includes('s') && subdomains.length > 0)
    return { status: 'warn', reason: 'strict-subdomains', params: { subdomains: capList(subdomains, 10) }, keyType }
  const bits = keyType === 'rsa' ? (readPublishedKey('rsa', tags.get('p') ?? '')?.bits ?? 0) : GOOD_RSA_BITS
  if (bits < GOOD_RSA_BITS) return { status: 'warn', reason: 'short-key', params: { bits }, keyType }
  return tags.has('g') ? { status: 'warn', reason: 'obsolete-tag', keyType } : { status: 'pass', reason: 'ok', keyType }
}

const keyTypeOf = (tags: TagList['tags']) => (tags.get('k') === 'ed25519' ? 'ed25519' : 'rsa')

/** By the numbers of the key; a declared key that cannot be read is compared as text. */
function isSameKey(published: PublicKeyFacts, text: string, declared: string): boolean {
  const ours = readDeclaredKey(declared)
  return ours ? ours.identity === published.identity : declared.replace(/\s+/g, '') === text.replace(/\s+/g, '')
}

const listOf = (value: string) =>
  capList(
    value
      .split(':')
      .map((item) => item.trim().toLowerCase())
      .filter(Boolean),
    10,
  )
