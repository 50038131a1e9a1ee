import { CHECK_LABELS, type CheckId, type DomainSummary } from '#shared/schemas/checks'
import { DOMAIN_STATUS_WORDS, TONE_WORDS } from '#shared/status'

/** Where the code of a reason reads badly after the name of its check. */
const PHRASES: Partial<Record<`${CheckId}.${string}` | string, string>> = {
  'dns_dkim.revoked': 'DKIM key revoked',
  'dns_dkim.key-differs': 'DKIM key is another',
  'dns_dkim.missing': 'No DKIM record',
  'dns_dmarc.missing': 'No DMARC record',
  'dns_spf.missing': 'No SPF record',
  'dns_mx.missing': 'No MX',
  'dns_mx.not-ours': 'MX points elsewhere',
  'dns_mx.nxdomain': 'Domain does not exist',
  budget: 'took too long',
  timeout: 'no answer in time',
}
const BADNESS = { fail: 3, unknown: 2, warn: 1 } as const

/** A reason's code after the name of its check, for people: "Certificate expired". */
export function reasonPhrase(checkId: CheckId, reason: string): string {
  const known = PHRASES[`${checkId}.${reason}`]
  if (known) return known
  return `${CHECK_LABELS[checkId].long} ${PHRASES[reason] ?? reason.replaceAll('-', ' ')}`
}

/** The badge of a domain: "Failing · DKIM key revoked", naming the first of its worst checks and how many more there are. */
export function badgeWords({ status, checks }: Pick<DomainSummary, 'status' | 'checks'>): string {
  const word = DOMAIN_STATUS_WORDS[status]
  const badness = (check: DomainSummary['checks'][number]) => BADNESS[check.status as keyof typeof BADNESS] ?? 0
  const worst = Math.max(0, ...checks.map(badness))
  if (worst === 0) return word
  const [first, ...more] = checks.filter((check) => badness(check) === worst)
  if (!first?.reason) return word
  return `${word} · ${reasonPhrase(first.id, first.reason)}${more.length > 0 ? ` +${more.length}` : ''}`
}

/** A domain in one sentence, for screen readers: "acme.example of Acme. Failing. 7 of 8. DKIM key revoked; SPF near limit." */
export function spokenSummary({ domain, tenant, status, score, max, checks }: DomainSummary): string {
  const marked = checks.flatMap(({ id, status: check, reason }) => {
    if (check === null || check === 'pass' || check === 'skipped') return []
    return [reason ? reasonPhrase(id, reason) : `${CHECK_LABELS[id].long} ${TONE_WORDS[check].toLowerCase()}`]
  })
  const points = max ? `${score} of ${max}.` : ''
  return [
    `${domain} of ${tenant.name}.`,
    `${DOMAIN_STATUS_WORDS[status]}.`,
    points,
    marked.length > 0 ? `${marked.join('; ')}.` : '',
  ]
    .filter(Boolean)
    .join(' ')
}
