import { createHash, X509Certificate, type KeyObject } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { authorityKeyIdOf, crlUrlsOf, publicKeyOf, signatureAlgorithmOf } from './der'
import { nameMatches, readSubjectNames, type SubjectNames } from './name-match'
import type { CertificateDigests, PeerCertificateView } from './tls'

const MAX_CRL_URLS = 5
const EC_BITS: Record<string, number> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 }

/** A chain of certificates as it is, whoever shows it and whatever was asked for. */
interface ChainView {
  names: SubjectNames
  told: Omit<PeerCertificateView, 'trustError' | 'names' | 'nameMatches'>
}

/** By the fingerprints of the chain: every address of a name shows the same one, and the next look meets it again. */
const seen = new Map<string, ChainView>()
const MAX_SEEN = 2_000
/** A certificate with more is not kept: a peer may show thousands. */
const MANY_NAMES = 100

/** What the peer of a finished handshake showed, judged against `host`; null when it showed no certificate. */
export function viewPeerCertificate(socket: TLSSocket, host: string): PeerCertificateView | null {
  const leaf = socket.getPeerX509Certificate()
  if (!leaf) return null
  const { names, told } = knownView(chainOf(leaf))
  return {
    ...told,
    trustError: trustErrorOf(socket),
    names: [...names.dns, ...names.ips],
    nameMatches: nameMatches(host, names),
  }
}

function knownView(chain: [X509Certificate, ...X509Certificate[]]): ChainView {
  const key = chain.map(({ fingerprint256 }) => fingerprint256).join()
  const known = seen.get(key)
  if (known) return known
  const view = viewChain(chain)
  if (view.names.dns.length <= MANY_NAMES) seen.set(key, view)
  if (seen.size > MAX_SEEN) seen.delete(seen.keys().next().value!)
  return view
}

function viewChain(chain: [X509Certificate, ...X509Certificate[]]): ChainView {
  const [leaf] = chain
  const told = {
    notBefore: Date.parse(leaf.validFrom),
    notAfter: Date.parse(leaf.validTo),
    issuer: onOneLine(leaf.issuer),
    subject: onOneLine(leaf.subject),
    serialNumber: leaf.serialNumber,
    fingerprint256: leaf.fingerprint256,
    ...viewKey(leaf),
    signatureAlgorithm: signatureAlgorithmOf(leaf.raw),
    chainLength: chain.length,
    chain: chain.map(digestsOf),
    authorityKeyId: authorityKeyIdOf(leaf.raw),
    issuerKey: issuerKeyOf(leaf),
    namesIssuer: /^CA Issuers - /m.test(leaf.infoAccess ?? ''),
    crlUrls: crlUrlsOf(leaf.raw).slice(0, MAX_CRL_URLS),
  }
  return { names: readSubjectNames(leaf.subjectAltName), told }
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

/** The one who really signed: a peer may send any certificates along. */
function issuerKeyOf(leaf: X509Certificate): KeyObject | undefined {
  try {
    const key = leaf.issuerCertificate?.publicKey
    return key && leaf.verify(key) ? key : undefined
  } catch {
    // A key type that this OpenSSL does not know.
    return undefined
  }
}

/** The leaf and what the peer sent above it, as far as each is signed by the next. */
function chainOf(leaf: X509Certificate): [X509Certificate, ...X509Certificate[]] {
  const chain: [X509Certificate, ...X509Certificate[]] = [leaf]
  for (let issuer = leaf.issuerCertificate; issuer; issuer = issuer.issuerCertificate) chain.push(issuer)
  return chain
}

function digestsOf(certificate: X509Certificate): CertificateDigests {
  return { certificate: digests(certificate.raw), publicKey: digests(publicKeyOf(certificate.raw)) }
}

const digests = (octets: Buffer) => ({
  sha256: createHash('sha256').update(octets).digest('hex'),
  sha512: createHash('sha512').update(octets).digest('hex'),
})

function onOneLine(distinguishedName: string | undefined): string {
  return (distinguishedName ?? '').split('\n').join(', ')
}

/** Trusted, in its time and for the asked host. */
export function isValidPeer(tls: PeerCertificateView): boolean {
  return tls.trustError === null && tls.nameMatches
}
