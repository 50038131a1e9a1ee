import { verify, type KeyObject } from 'node:crypto'
import { algorithmOf, childrenOf, readElement, type Element } from './der'

/** A certificate revocation list whose signature is good. Times in ms. */
export interface RevocationList {
  /** When the next one is out; null when it does not say. */
  nextUpdate: number | null
  /** When the certificate with this serial number (hex) was revoked; null when it is not in the list. */
  revokedAt(serialNumber: string): number | null
}

const [TAG_INTEGER, TAG_SEQUENCE, TAG_UTC_TIME, TAG_GENERALIZED_TIME] = [0x02, 0x30, 0x17, 0x18]

/**
 * Reads a CRL (DER): CertificateList ::= SEQUENCE { tbsCertList, signatureAlgorithm, signatureValue } (RFC 5280 §5.1). Null when it is none,
 * or not signed by this key: lists come over plain HTTP.
 */
export function readRevocationList(der: Buffer, issuerKey: KeyObject): RevocationList | null {
  const [tbs, algorithm, signature] = childrenOf(der, readElement(der, 0))
  if (!tbs || !algorithm || !signature || !isSigned(der, { tbs, algorithm, signature }, issuerKey)) return null
  const parts = [...childrenOf(der, tbs)]
  const times = parts.filter(({ tag }) => tag === TAG_UTC_TIME || tag === TAG_GENERALIZED_TIME)
  const lastTime = times.at(-1)
  const entries = lastTime && parts[parts.indexOf(lastTime) + 1]
  const isList = entries?.tag === TAG_SEQUENCE
  return {
    nextUpdate: times[1] ? timeOf(der, times[1]) : null,
    revokedAt: (serialNumber) => (isList ? findEntry(der, entries, serialNumber) : null),
  }
}

function isSigned(der: Buffer, list: Record<'tbs' | 'algorithm' | 'signature', Element>, issuerKey: KeyObject): boolean {
  const name = algorithmOf(der, list.algorithm)
  const hash = /SHA(?:256|384|512)$/.exec(name ?? '')?.[0] ?? (name?.startsWith('Ed') ? null : undefined)
  if (hash === undefined) return false
  const signed = der.subarray(list.tbs.header, list.tbs.end)
  try {
    // The first octet of a BIT STRING counts its unused bits.
    return verify(hash, signed, issuerKey, der.subarray(list.signature.start + 1, list.signature.end))
  } catch {
    // A key of another kind than the signature.
    return false
  }
}

function findEntry(der: Buffer, entries: Element, serialNumber: string): number | null {
  const wanted = BigInt(`0x${serialNumber}`)
  for (const entry of childrenOf(der, entries)) {
    const serial = readElement(der, entry.start)
    if (serial.tag === TAG_INTEGER && BigInt(`0x${der.toString('hex', serial.start, serial.end) || '0'}`) === wanted)
      return timeOf(der, readElement(der, serial.end))
  }
  return null
}

/** `YYMMDDHHMMSSZ` until 2049, then `YYYYMMDDHHMMSSZ` (RFC 5280 §4.1.2.5). */
function timeOf(der: Buffer, { tag, start, end }: Element): number {
  const text = der.toString('latin1', start, end)
  const century = Number(text.slice(0, 2)) < 50 ? '20' : '19'
  const digits = tag === TAG_UTC_TIME ? century + text : text
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(digits) ?? []
  return Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`)
}
