import { silentAnswer } from '#server/platform/dns/look-up'
import type { DnsAnswer, DnsOutcome, DnsRecord, RecordType } from '#server/platform/dns/types'
import type { PeerCertificateView } from '#server/platform/http/tls'
import type { HttpResult, TlsResult } from '#server/platform/http/types'
import type { CheckTarget, ExpectedMailHost } from '#server/services/checks/collectors/contract'

/** Facts for tables of evaluator cases: what clients would have brought home. All of `example.org` is healthy unless a case says otherwise. */
export const DOMAIN = 'example.org'
export const NOW = Date.parse('2026-06-01T00:00:00Z')
export const DAY_MS = 86_400_000

export const MAIL_HOST: ExpectedMailHost = {
  id: 'host',
  name: 'Host',
  kind: 'carbonio',
  healthUrl: 'https://host.example.net/service/health',
  adminUrl: 'https://host.example.net:6071/service/admin/soap',
  adminUser: 'vigia',
  adminPassword: 'not-to-be-seen',
  mx: ['mx1.example.net', 'mx2.example.net'],
  sendingAddresses: ['192.0.2.25', '2001:db8::25'],
  frontends: ['192.0.2.10', '[2001:db8::10]:443'],
  webmail: { hostPattern: 'mail.{domain}', port: 443, httpPort: 80, loginPath: '/login/', marker: 'our-login' },
}

export function targetOf(changes: Partial<CheckTarget> = {}): CheckTarget {
  return { domain: DOMAIN, mailHost: MAIL_HOST, dkim: [], sends: true, receives: true, webmailHost: `mail.${DOMAIN}`, ...changes }
}

/** An answer, or another outcome when `values` is one. MX values are `10 host`. */
export function answerOf(
  name: string,
  type: RecordType,
  values: string[] | DnsOutcome,
  changes: Partial<DnsAnswer> = {},
): DnsAnswer {
  const records = Array.isArray(values) ? values.map((value) => recordOf(name, type, value)) : []
  const outcome = Array.isArray(values) ? 'answer' : values
  return { ...silentAnswer({ name, type }, NOW, false), ttl: 300, outcome, records, ...changes }
}

function recordOf(name: string, type: RecordType, value: string): DnsRecord {
  if (type !== 'MX') return { name, type, ttl: 300, value, ...(type === 'TXT' ? { strings: [value] } : {}) }
  const [preference, exchange = ''] = value.split(' ')
  return { name, type, ttl: 300, value, preference: Number(preference), exchange: exchange.replace(/\.$/, '') }
}

/** A certificate of 90 days that is in the middle of its life. */
export function certificateOf(changes: Partial<PeerCertificateView> = {}): PeerCertificateView {
  return {
    trustError: null,
    names: [`mail.${DOMAIN}`],
    nameMatches: true,
    notBefore: NOW - 30 * DAY_MS,
    notAfter: NOW + 60 * DAY_MS,
    issuer: 'C=US, O=Authority, CN=R1',
    subject: '',
    serialNumber: '01',
    fingerprint256: 'AA:01',
    keyType: 'ec',
    keyBits: 256,
    signatureAlgorithm: 'ecdsa-with-SHA256',
    chainLength: 3,
    chain: [],
    ...changes,
  }
}

export function handshakeOf(address: string, peer: PeerCertificateView): TlsResult {
  return { ok: true, address, port: 443, latencyMs: 9, protocol: 'TLSv1.3', peer }
}

type Answered = Extract<HttpResult, { ok: true }>

export function pageOf(status: number, body = '', changes: Partial<Answered> = {}): Answered {
  return { ok: true, status, headers: {}, body, truncated: false, address: '192.0.2.10', latencyMs: 9, ...changes }
}
