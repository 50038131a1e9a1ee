import { X509Certificate, type KeyObject } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { signatureAlgorithmOf } from './der'
import { nameMatches, readSubjectNames } from './name-match'
import type { PeerCertificateView } from './tls'

const EC_BITS: Record<string, number> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 }

/** What the peer of a finished handshake showed, judged against `host`; null when it showed no certificate. */
export function viewPeerCertificate(socket: TLSSocket, host: string): PeerCertificateView | null {
  const leaf = socket.getPeerX509Certificate()
  if (!leaf) return null
  const names = readSubjectNames(leaf.subjectAltName)
  return {
    trustError: trustErrorOf(socket),
    names: [...names.dns, ...names.ips],
    nameMatches: nameMatches(host, names),
    notBefore: Date.parse(leaf.validFrom),
    notAfter: Date.parse(leaf.validTo),
    issuer: onOneLine(leaf.issuer),
    subject: onOneLine(leaf.subject),
    serialNumber: leaf.serialNumber,
    fingerprint256: leaf.fingerprint256,
    ...viewKey(leaf),
    signatureAlgorithm: signatureAlgorithmOf(leaf.raw),
    chainLength: chainLengthOf(leaf),
  }
}

/** Node types this as an Error; at run time it is OpenSSL's code. The name is never part of it: `checkServerIdentity` is switched off. */
function trustErrorOf(socket: TLSSocket): string | null {
  if (socket.authorized) return null
  const error: unknown = socket.authorizationError
  if (typeof error === 'string') return error
  return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? 'UNKNOWN') : 'UNKNOWN'
}

function viewKey(leaf: X509Certificate): Pick<PeerCertificateView, 'keyType' | 'keyBits'> {
  let key: KeyObject
  try {
    key = leaf.publicKey
  } catch {
    // A key type that this OpenSSL does not know.
    return { keyType: 'unknown' }
  }
  const { modulusLength, namedCurve = '' } = key.asymmetricKeyDetails ?? {}
  return { keyType: key.asymmetricKeyType ?? 'unknown', keyBits: modulusLength ?? EC_BITS[namedCurve] }
}

function chainLengthOf(leaf: X509Certificate): number {
  let length = 1
  for (let issuer = leaf.issuerCertificate; issuer; issuer = issuer.issuerCertificate) length++
  return length
}

function onOneLine(distinguishedName: string | undefined): string {
  return (distinguishedName ?? '').split('\n').join(', ')
}
