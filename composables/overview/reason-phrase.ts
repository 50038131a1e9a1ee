import { CHECK_LABELS, type CheckId } from '#shared/schemas/checks'
import type { DomainSummary } from '#shared/schemas/overview'
import { DOMAIN_STATUS_WORDS, TONE_WORDS } from '#shared/status'

/** Whole phrases where the code of a reason reads badly after the name of its check. */
const WHOLE: Record<string, string> = {
  'carbonio.host-down': 'Mail host down',
  'carbonio.host-unreachable': 'Mail host unreachable',
  'carbonio.host-unresolved': 'Mail host has no address',
  'carbonio.slow': 'Mail host slow',
  'carbonio.domain-missing': 'Domain missing on the mail host',
  'carbonio.domain-suspended': 'Domain suspended on the mail host',
  'nginx_vhost.default-vhost': 'Default site answers',
  'nginx_vhost.no-login-page': 'No login page',
  'nginx_vhost.unresolved': 'Webmail name has no address',
  'cert_le.addresses-disagree': 'Certificates differ by address',
  'cert_le.name-mismatch': 'Certificate for another name',
  'cert_le.near-expiry': 'Certificate expires soon',
  'cert_le.no-answer': 'TLS port does not answer',
  'cert_le.not-tls': 'Port does not speak TLS',
  'cert_le.refused': 'TLS port refuses the connection',
  'cert_le.unresolved': 'Webmail name has no address',
  'dns_mx.cname-target': 'MX is an alias',
  'dns_mx.dangling-cname': 'MX alias leads nowhere',
  'dns_mx.foreign-extra': 'MX names a foreign host too',
  'dns_mx.foreign-primary': 'MX puts a foreign host first',
  'dns_mx.implicit-mx': 'No MX, the address is used',
  'dns_mx.ip-literal': 'MX names an IP address',
  'dns_mx.missing': 'No MX',
  'dns_mx.not-ours': 'MX points elsewhere',
  'dns_mx.null-mx': 'Null MX refuses mail',
  'dns_mx.target-unresolvable': 'MX host has no address',
  'dns_mx.nxdomain': 'Domain does not exist',
  'dns_spf.does-not-authorise-us': 'SPF leaves our senders out',
  'dns_spf.include-broken': 'SPF include is broken',
  'dns_spf.missing': 'No SPF record',
  'dns_spf.multiple': 'Several SPF records',
  'dns_spf.syntax': 'SPF syntax error',
  'dns_spf.too-many-lookups': 'SPF needs too many lookups',
  'dns_spf.too-permissive': 'SPF lets everybody send',
  'dns_dkim.key-differs': 'DKIM key is another',
  'dns_dkim.missing': 'No DKIM record',
  'dns_dkim.multiple': 'Several DKIM records',
  'dns_dkim.revoked': 'DKIM key revoked',
  'dns_dkim.testing': 'DKIM in test mode',
  'dns_dmarc.missing': 'No DMARC record',
  'dns_dmarc.monitor-only': 'DMARC only monitors',
  'dns_dmarc.multiple-records': 'Several DMARC records',
  'dns_dmarc.spf-found': 'SPF where DMARC belongs',
  'dns_dmarc.testing': 'DMARC in test mode',
  'webmail_http.blocked-by:cert_le': 'Webmail behind a bad certificate',
  'webmail_http.unresolved': 'Webmail name has no address',
}
/** What follows the name of any check. */
const ENDINGS: Record<string, string> = {
  budget: 'took too long',
  timeout: 'does not answer',
  refused: 'refuses the connection',
  'no-answer': 'does not answer',
  'not-tls': 'does not speak TLS',
  'http-error': 'answers with an error',
  'one-family': 'on one IP family only',
  'dns-servfail': 'unanswered (SERVFAIL)',
  'dns-refused': 'unanswered (REFUSED)',
  'dns-timeout': 'unanswered (timeout)',
  'internal-fault': 'could not be looked at',
  'monitor-fault': 'could not be looked at',
}
const BADNESS = { fail: 3, unknown: 2, warn: 1 } as const

/** A reason's code after the name of its check, for people: "Certificate expired". */
export function reasonPhrase(checkId: CheckId, reason: string): string {
  return WHOLE[`${checkId}.${reason}`] ?? `${CHECK_LABELS[checkId].long} ${ENDINGS[reason] ?? reason.replaceAll('-', ' ')}`
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

/** The checks that do not simply pass, for screen readers: "SPF near limit; DKIM key revoked". */
export function markedWords(checks: DomainSummary['checks']): string {
  const marked = checks.flatMap(({ id, status, reason }) => {
    if (status === null || status === 'pass' || status === 'skipped') return []
    return [reason ? reasonPhrase(id, reason) : `${CHECK_LABELS[id].long} ${TONE_WORDS[status].toLowerCase()}`]
  })
  return marked.join('; ')
}
