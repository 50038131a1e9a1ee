import type { KeyObject } from 'node:crypto'

/** Digests of a certificate and of its public key (SubjectPublicKeyInfo), hex: what TLSA records are compared with (RFC 6698 §2.1). */
export interface CertificateDigests {
  certificate: { sha256: string; sha512: string }
  publicKey: { sha256: string; sha512: string }
}

/** What a check needs to know of a peer's certificate chain; PEM and keys stay behind. */
export interface PeerCertificateView {
  /** Null: the chain leads to a trusted root. Otherwise OpenSSL's code, for example DEPTH_ZERO_SELF_SIGNED_CERT. */
  trustError: string | null
  /** DNS names and IPs of the subject alternative name extension. */
  names: string[]
  /** RFC 9525 §6 against the asked host; the common name is never read. */
  nameMatches: boolean
  notBefore: number
  notAfter: number
  issuer: string
  subject: string
  serialNumber: string
  fingerprint256: string
  keyType: string
  keyBits?: number
  signatureAlgorithm?: string
  chainLength: number
  /** Of each certificate that the peer sent, the leaf first. */
  chain: CertificateDigests[]
  /** Identifier of the key that signed it, hex (RFC 5280 §4.2.1.1). */
  authorityKeyId?: string
  /** The public key that signed it, where the peer sent the issuer's certificate along. */
  issuerKey?: KeyObject
  /** False when the certificate does not say where its issuer's certificate can be had, as every public authority's does. */
  namesIssuer?: boolean
  /** Where the authority lists what it revoked. */
  crlUrls?: string[]
}
