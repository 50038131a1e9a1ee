import { X509Certificate } from 'node:crypto'

/** The key usage of a verified or common mark certificate. */
const MARK_USAGE = '1.3.6.1.5.5.7.3.31'
const MAX_CERTIFICATES = 6

/** A mark certificate with its chain, as published. */
export interface MarkCertificate {
  isForMarks: boolean
  /** DNS names, lower-case. */
  names: string[]
  /** ms */
  notBefore: number
  notAfter: number
  issuer: string
  /** Each certificate is signed by the next. Whether receivers trust the last one is theirs to say. */
  chainHolds: boolean
}

/** Reads PEM text, the leaf first; null when there is no certificate in it. */
export function readMarkCertificate(pem: string): MarkCertificate | null {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  const chain = blocks.slice(0, MAX_CERTIFICATES).map(parse)
  const [leaf] = chain
  if (!leaf) return null
  return {
    isForMarks: (leaf.keyUsage ?? []).includes(MARK_USAGE),
    names: [...(leaf.subjectAltName ?? '').matchAll(/DNS:([^,\s"]+)/g)].map(([, name]) => name!.toLowerCase()),
    notBefore: Date.parse(leaf.validFrom),
    notAfter: Date.parse(leaf.validTo),
    issuer: leaf.issuer.split('\n').join(', ').slice(0, 200),
    chainHolds:
      chain.length > 1 && chain.slice(0, -1).every((certificate, place) => isSignedBy(certificate, chain[place + 1] ?? null)),
  }
}

function parse(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem)
  } catch {
    return null
  }
}

function isSignedBy(certificate: X509Certificate | null, issuer: X509Certificate | null): boolean {
  try {
    return certificate !== null && issuer !== null && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  } catch {
    // A key type that this OpenSSL does not know.
    return false
  }
}
