import { connectionEvidence, evidenceOf } from '../../evaluate/evidence'
import { unknownByFault } from '../../evaluate/verdict'
import type { ExtendedTarget, ExtendedVerdict } from '../contract'
import type { Fetched } from '../fetch'
import type { DomainExpiryReason } from '../reasons/domain-expiry'
import { extendedJudge, type ExtendedJudge } from './judge'
import { parseRdapDomain, type RdapDomain } from './rdap'

export interface DomainExpiryObservation {
  /** The name that is registered. */
  domain: string
  /** What came of fetching the list of registries, when nothing could be read of it. */
  bootstrap: Fetched | null
  /** The registry has a service. */
  isCovered: boolean
  answer: Fetched | null
}

const DAY_MS = 86_400_000
const SOON_DAYS = 30
const NOW_DAYS = 7

type ExpiryJudge = ExtendedJudge<DomainExpiryReason>

/** The states in which a registry does not publish a domain, or is about to delete it (RFC 8056 §2), the worst first. */
const HELD: [word: string, reason: DomainExpiryReason][] = [
  ['pending delete', 'pending-delete'],
  ['redemption period', 'redemption'],
  ['server hold', 'on-hold'],
  ['client hold', 'on-hold'],
]

/** RFC 9083, RFC 9224. Pure. */
export function evaluateDomainExpiry(seen: DomainExpiryObservation, _target: ExtendedTarget, now: number): ExtendedVerdict {
  const fetched = seen.bootstrap ?? seen.answer
  const result = fetched?.result ?? null
  const rdap = seen.answer && result?.ok && result.status === 200 ? parseRdapDomain(result.body) : null
  const expires = rdap?.expiresAt == null ? null : new Date(rdap.expiresAt).toISOString()
  const judge: ExpiryJudge = extendedJudge(
    evidenceOf(
      fetched ? [fetched.host.a, fetched.host.aaaa] : [],
      fetched && result ? [connectionEvidence(fetched.url, result)] : [],
      { domain: seen.domain, expires, status: rdap?.status ?? [] },
    ),
  )
  if (seen.bootstrap === null && !seen.isCovered) return judge('skipped', 'not-available', { domain: seen.domain })
  if (rdap) return judgeDomain(rdap, seen.domain, now, judge)
  if (fetched && !result)
    return unknownByFault(judge, [fetched.host.a, fetched.host.aaaa]) ?? unreached(fetched, 'no address', judge)
  if (!result?.ok) return unreached(fetched, result?.fault ?? 'no answer', judge)
  if (result.status === 429) return judge('unknown', 'rate-limited', { url: fetched!.url })
  if (seen.answer && result.status === 404) return judge('warn', 'not-found', { domain: seen.domain })
  return unreached(fetched, result.status === 200 ? 'an answer that is not RDAP' : `HTTP ${result.status}`, judge)
}

const unreached = (fetched: Fetched | null, detail: string, judge: ExpiryJudge) =>
  judge('unknown', 'registry-unreachable', { url: fetched?.url ?? '', detail })

function judgeDomain({ expiresAt, status }: RdapDomain, domain: string, now: number, judge: ExpiryJudge): ExtendedVerdict {
  for (const [word, reason] of HELD) if (status.includes(word)) return judge('fail', reason, { domain, status: word })
  if (expiresAt === null) return judge('skipped', 'not-available', { domain })
  const params = { domain, date: new Date(expiresAt).toISOString().slice(0, 10) }
  const days = (expiresAt - now) / DAY_MS
  if (days < 0) return judge('fail', 'expired', params)
  if (days < NOW_DAYS) return judge('fail', 'expires-now', params)
  return days < SOON_DAYS ? judge('warn', 'expires-soon', params) : judge('pass', 'ok', params)
}
