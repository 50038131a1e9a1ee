import { createHash } from 'node:crypto'
import type { DnsAnswer } from '#server/platform/dns/types'
import type { PeerCertificateView } from '#server/platform/http/tls'

/** A TLSA record that SMTP may use: DANE-TA(2) or DANE-EE(3) (RFC 7672 §3.1). */
export interface UsableTlsa {
  text: string
  usage: 2 | 3
  /** 0: the whole certificate, 1: its public key. */
  selector: 0 | 1
  /** 0: the data themselves, 1: their SHA-256, 2: their SHA-512. */
  matching: 0 | 1 | 2
  /** Hex, lower-case. */
  data: string
}

/** The records that senders can use; usages 0 and 1 are not for SMTP (RFC 7672 §3.1.3), and of unknown numbers nobody knows what to do. */
export function usableTlsa(answer: DnsAnswer): UsableTlsa[] {
  return answer.records.flatMap(({ value: text }) => {
    const [usage, selector, matching] = text.split(' ', 3).map(Number)
    const data = text.split(' ')[3]?.toLowerCase()
    if (!data || !isOneOf([2, 3], usage) || !isOneOf([0, 1], selector) || !isOneOf([0, 1, 2], matching)) return []
    return [{ text, usage, selector, matching, data }]
  })
}

function isOneOf<N extends number>(numbers: readonly N[], number: number | undefined): number is N {
  return (numbers as readonly (number | undefined)[]).includes(number)
}

/**
 * Whether a record matches what a server showed (RFC 7671 §5): the leaf for usage 3, whatever its names and dates say; for usage 2 a
 * certificate above it, with a leaf that carries the name and is valid now.
 */
export function matchesTlsa(record: UsableTlsa, peer: PeerCertificateView, now: number): boolean {
  if (record.usage === 3) return isDigestOf(record, peer.chain[0])
  const isCurrent = peer.nameMatches && peer.notBefore <= now && now <= peer.notAfter
  return isCurrent && peer.chain.slice(1).some((certificate) => isDigestOf(record, certificate))
}

function isDigestOf(record: UsableTlsa, certificate: PeerCertificateView['chain'][number] | undefined): boolean {
  const digests = record.selector === 0 ? certificate?.certificate : certificate?.publicKey
  if (!digests) return false
  if (record.matching === 2) return digests.sha512 === record.data
  // The data themselves are compared by their digest: that is all that is kept of a certificate.
  return digests.sha256 === (record.matching === 1 ? record.data : sha256(record.data))
}

const sha256 = (hex: string) => createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex')
