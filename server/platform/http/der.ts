// The little of DER (X.690) that certificates and revocation lists need here, and that `X509Certificate` of Node 20 does not tell.

/** Signature algorithms (RFC 3279, 4055, 5758, 8410), by the DER of their identifier in hex. */
const SIGNATURE_ALGORITHMS: Record<string, string> = {
  '2a864886f70d010104': 'RSA-MD5',
  '2a864886f70d010105': 'RSA-SHA1',
  '2a864886f70d01010a': 'RSA-PSS',
  '2a864886f70d01010b': 'RSA-SHA256',
  '2a864886f70d01010c': 'RSA-SHA384',
  '2a864886f70d01010d': 'RSA-SHA512',
  '2a8648ce3d0401': 'ECDSA-SHA1',
  '2a8648ce3d040302': 'ECDSA-SHA256',
  '2a8648ce3d040303': 'ECDSA-SHA384',
  '2a8648ce3d040304': 'ECDSA-SHA512',
  '2b6570': 'Ed25519',
  '2b6571': 'Ed448',
}

/** One element: its tag, and where its header, content and end are. */
export interface Element {
  tag: number
  header: number
  start: number
  end: number
}

const [AUTHORITY_KEY_ID, CRL_DISTRIBUTION_POINTS] = ['551d23', '551d1f']
const [TAG_EXTENSIONS, TAG_NAME, TAG_FULL_NAME, TAG_URI, TAG_KEY_ID] = [0xa3, 0xa0, 0xa0, 0x86, 0x80]

/** Place of the key among the elements of a certificate that come after the optional version (RFC 5280 §4.1). */
const KEY_PLACE = 5
const TAG_VERSION = 0xa0

/** The SubjectPublicKeyInfo of a certificate (DER) as it stands there, also of a key type that this OpenSSL does not know. */
export function publicKeyOf(certificate: Buffer): Buffer {
  const [tbs] = childrenOf(certificate, readElement(certificate, 0))
  const parts = tbs ? [...childrenOf(certificate, tbs)] : []
  const key = parts[parts[0]?.tag === TAG_VERSION ? KEY_PLACE + 1 : KEY_PLACE]
  return key ? certificate.subarray(key.header, key.end) : Buffer.alloc(0)
}

/** The element at `offset`; one that claims to go beyond the buffer ends with it. */
export function readElement(der: Buffer, offset: number): Element {
  const short = der[offset + 1] ?? 0
  const lengthOctets = short < 0x80 ? 0 : short & 0x7f
  const start = offset + 2 + lengthOctets
  const length = lengthOctets === 0 ? short : parseInt(der.toString('hex', offset + 2, start), 16)
  return { tag: der[offset] ?? 0, header: offset, start, end: Math.min(start + length, der.length) || der.length }
}

/** The elements inside one, in their order. */
export function* childrenOf(der: Buffer, { start, end }: Pick<Element, 'start' | 'end'>): Generator<Element> {
  for (let offset = start; offset < end;) {
    const child = readElement(der, offset)
    yield child
    offset = Math.max(child.end, offset + 2)
  }
}

/** The name of the algorithm in an AlgorithmIdentifier; undefined when it is not known. */
export function algorithmOf(der: Buffer, identifier: Element): string | undefined {
  const { start, end } = readElement(der, identifier.start)
  return SIGNATURE_ALGORITHMS[der.toString('hex', start, end)]
}

/**
 * The algorithm that a certificate is signed with.
 * Certificate ::= SEQUENCE { tbsCertificate SEQUENCE, signatureAlgorithm SEQUENCE { OBJECT IDENTIFIER, … }, … } (RFC 5280 §4.1).
 */
export function signatureAlgorithmOf(certificate: Buffer): string | undefined {
  const [, algorithm] = childrenOf(certificate, readElement(certificate, 0))
  return algorithm && algorithmOf(certificate, algorithm)
}

/** The identifier of the key that signed a certificate, hex (RFC 5280 §4.2.1.1). */
export function authorityKeyIdOf(certificate: Buffer): string | undefined {
  const value = extensionOf(certificate, AUTHORITY_KEY_ID)
  if (!value) return undefined
  const [first] = childrenOf(value, readElement(value, 0))
  return first?.tag === TAG_KEY_ID ? value.toString('hex', first.start, first.end) : undefined
}

/** Where the lists are in which a certificate would be revoked (RFC 5280 §4.2.1.13). */
export function crlUrlsOf(certificate: Buffer): string[] {
  const value = extensionOf(certificate, CRL_DISTRIBUTION_POINTS)
  if (!value) return []
  const inside = (tag: number) => (element: Element) => [...childrenOf(value, element)].filter((child) => child.tag === tag)
  return [...childrenOf(value, readElement(value, 0))]
    .flatMap(inside(TAG_NAME))
    .flatMap(inside(TAG_FULL_NAME))
    .flatMap(inside(TAG_URI))
    .map(({ start, end }) => value.toString('latin1', start, end))
}

/** Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING } */
function extensionOf(certificate: Buffer, oid: string): Buffer | null {
  const [tbs] = childrenOf(certificate, readElement(certificate, 0))
  const wrapper = tbs && [...childrenOf(certificate, tbs)].find(({ tag }) => tag === TAG_EXTENSIONS)
  if (!wrapper) return null
  for (const extension of childrenOf(certificate, readElement(certificate, wrapper.start))) {
    const parts = [...childrenOf(certificate, extension)]
    const [id, value] = [parts[0], parts.at(-1)]
    if (id && value && certificate.toString('hex', id.start, id.end) === oid) return certificate.subarray(value.start, value.end)
  }
  return null
}
