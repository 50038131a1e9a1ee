/** Signature algorithms of certificates (RFC 3279, 4055, 5758, 8410), by the DER of their identifier in hex. */
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

/**
 * The algorithm that a certificate (DER) is signed with, which `X509Certificate` of Node 20 does not tell. Undefined when it is not known.
 * Certificate ::= SEQUENCE { tbsCertificate SEQUENCE, signatureAlgorithm SEQUENCE { OBJECT IDENTIFIER, … }, … } (RFC 5280 §4.1).
 */
export function signatureAlgorithmOf(certificate: Buffer): string | undefined {
  const tbs = readElement(certificate, readElement(certificate, 0).start)
  const algorithm = readElement(certificate, tbs.end)
  const { start, end } = readElement(certificate, algorithm.start)
  return SIGNATURE_ALGORITHMS[certificate.toString('hex', start, end)]
}

/** Place of the key among the elements of a certificate that come after the optional version (RFC 5280 §4.1). */
const KEY_PLACE = 5
const VERSION_TAG = 0xa0

/** The SubjectPublicKeyInfo of a certificate (DER) as it stands there, also of a key type that this OpenSSL does not know. */
export function publicKeyOf(certificate: Buffer): Buffer {
  let offset = readElement(certificate, readElement(certificate, 0).start).start
  if (certificate[offset] === VERSION_TAG) offset = readElement(certificate, offset).end
  for (let place = 0; place < KEY_PLACE; place++) offset = readElement(certificate, offset).end
  return certificate.subarray(offset, readElement(certificate, offset).end)
}

/** Where the content of the DER element at `offset` starts and ends. */
function readElement(der: Buffer, offset: number): { start: number; end: number } {
  const short = der[offset + 1] ?? 0
  const lengthOctets = short < 0x80 ? 0 : short & 0x7f
  const start = offset + 2 + lengthOctets
  const length = lengthOctets === 0 ? short : parseInt(der.toString('hex', offset + 2, start), 16)
  return { start, end: start + length }
}
