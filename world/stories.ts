import type { Story } from './story'
import { HEALTHY } from './stories/healthy'
import { DKIM, DMARC, MX, SPF } from './stories/mail-records'
import { CARBONIO, RESOLUTION } from './stories/platform'
import { CERTIFICATES, WEB } from './stories/web'

/**
 * The one table of sample domains: each has one story, and the verdicts that it must get. Tests and the demo share it.
 *
 * Reason codes used (all others in a row are `pass: ok`, or `skipped: no-mail-host | no-selector`):
 *
 *   carbonio      ok · host-down (health answers 5xx) · domain-missing · domain-suspended · credentials-refused (unknown)
 *   nginx_vhost   ok · default-vhost · http-error · one-family
 *   cert_le       ok · expired · not-yet-valid · name-mismatch · self-signed · staging-root · renewal-overdue (warn) · near-expiry
 *                 (fail) · addresses-disagree (warn) · refused · not-tls · timeout (unknown) · unresolved (fail)
 *   dns_mx        ok · missing · nxdomain · not-ours · foreign-primary · foreign-extra (warn) · null-mx · null-mx-ok (pass) ·
 *                 cname-target (warn) · implicit-mx (warn) · ip-literal
 *   dns_spf       ok · missing · multiple · too-permissive · too-many-lookups · near-limit (warn) · does-not-authorise-us ·
 *                 family-missing (warn) · unknown-mechanism · void-lookups · neutral-all (warn) · not-sending-ok (pass) · large (warn)
 *   dns_dkim      ok · missing · revoked · key-differs · weak-key (< 1024) · short-key (warn, 1024–2047) · multiple · testing (warn)
 *   dns_dmarc     ok · missing · monitor-only (warn) · multiple-records · invalid-policy · inherited (pass) · no-reports (warn)
 *   webmail_http  ok · http-error · wrong-content · redirect-loop · blocked-by:cert_le · slow (warn) · one-family (warn) · no-hsts (warn) ·
 *                 refused · no-answer · unresolved (fail)
 *   any that asks DNS for the domain   dns-servfail · dns-refused · dns-timeout · dns-truncated (all unknown) ·
 *                 zone-broken (fail: its own servers say so when asked)
 *
 * Readings that an evaluator has to share:
 * - `unresolved` is an authoritative "no such name": fail. A resolver's fault is `unknown: dns-…` in cert_le and webmail_http too.
 * - nginx_vhost asks the front ends by address and so needs no DNS; it looks past a bad certificate, which is cert_le's to judge.
 * - A TLS failure of any kind at the webmail name is `blocked-by:cert_le` in webmail_http, but refused and silent keep their own reason.
 * - A special reason beats a general one: `ip-literal` and `null-mx` before `not-ours`; a fail beats a warn.
 * - Sending addresses are documentation addresses (RFC 5737, RFC 3849); `private-address` must not count those.
 */
export const STORIES: readonly Story[] = [
  ...HEALTHY,
  ...SPF,
  ...DKIM,
  ...DMARC,
  ...MX,
  ...CERTIFICATES,
  ...WEB,
  ...RESOLUTION,
  ...CARBONIO,
]
