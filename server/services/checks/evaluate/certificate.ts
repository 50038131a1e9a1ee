import type { PeerCertificateView } from '#server/platform/http/tls'
import { capList, capText } from './evidence'

export type CertificateFault =
  | 'expired'
  | 'not-yet-valid'
  | 'self-signed'
  | 'name-mismatch'
  | 'incomplete-chain'
  | 'revoked'
  | 'untrusted-root'
  | 'staging-root'
  | 'weak-key'
  | 'weak-signature'

const MAX_NAMES = 20
const MIN_RSA_BITS = 2_048

/** OpenSSL's codes that have a reason of their own; every other one means that no path to a trusted root was found (RFC 5280 §6). */
const BY_TRUST_ERROR: Record<string, CertificateFault> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  CERT_REVOKED: 'revoked',
}

/** What is wrong with a certificate, the most telling first; null when it is valid for the asked host. */
export function certificateFault(peer: PeerCertificateView, now: number): CertificateFault | null {
  if (now > peer.notAfter) return 'expired'
  if (now < peer.notBefore) return 'not-yet-valid'
  if (peer.trustError === 'DEPTH_ZERO_SELF_SIGNED_CERT') return 'self-signed'
  if (!peer.nameMatches) return 'name-mismatch'
  if (peer.trustError !== null) return BY_TRUST_ERROR[peer.trustError] ?? missingIssuer(peer)
  if (peer.keyType === 'rsa' && peer.keyBits !== undefined && peer.keyBits < MIN_RSA_BITS) return 'weak-key'
  return /sha-?1|md5/i.test(peer.signatureAlgorithm ?? '') ? 'weak-signature' : null
}

/** Names that authorities give to what they issue for tests. */
const STAGING = /\(STAGING\)|\bFake LE\b|happy hacker/i

/** A leaf alone that says where its issuer is to be had lacks its intermediate; everything else ends at a root that nobody trusts. */
function missingIssuer(peer: PeerCertificateView): CertificateFault {
  if (STAGING.test(peer.issuer)) return 'staging-root'
  if (peer.namesIssuer === false) return 'untrusted-root'
  return peer.chainLength === 1 && peer.trustError === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' ? 'incomplete-chain' : 'untrusted-root'
}

export type RenewalState = 'fine' | 'renewal-overdue' | 'near-expiry'

const DAY_MS = 86_400_000
/** Shorter lifetimes renew at half of them, longer ones at a third (Let's Encrypt's integration guide). */
const SHORT_LIFETIME_MS = 10 * DAY_MS
const OVERDUE_SHARE = 0.9
const NEAR_SHARE = 1 / 10

/** How a valid certificate stands in its lifetime: thresholds are fractions of it, so that 90 days and 160 hours are judged alike. */
export function renewalState({ notBefore, notAfter }: PeerCertificateView, now: number): RenewalState {
  const lifetime = notAfter - notBefore
  const remaining = notAfter - now
  const renewalPoint = lifetime / (lifetime < SHORT_LIFETIME_MS ? 2 : 3)
  if (remaining < lifetime * NEAR_SHARE) return 'near-expiry'
  return remaining < renewalPoint * OVERDUE_SHARE ? 'renewal-overdue' : 'fine'
}

/** The stable facts of a certificate, bounded. */
export function certificateFacts(peer: PeerCertificateView): Record<string, string | number | boolean | string[] | null> {
  return {
    names: capList([...peer.names].sort(), MAX_NAMES),
    notBefore: new Date(peer.notBefore).toISOString(),
    notAfter: new Date(peer.notAfter).toISOString(),
    issuer: capText(peer.issuer, 200),
    fingerprint256: peer.fingerprint256,
    key: peer.keyBits ? `${peer.keyType} ${peer.keyBits}` : peer.keyType,
    trustError: peer.trustError,
    nameMatches: peer.nameMatches,
  }
}
