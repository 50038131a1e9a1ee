import type { DmarcRecord } from './dmarc-record'

/** A longer name jumps to this many labels, so that a walk makes eight queries at most (RFC 9989 §4.10). */
const JUMP_LABELS = 7

/** The name above in the tree walk; null at the end. */
export function nextInWalk(domain: string): string | null {
  const labels = domain.split('.')
  const shorter = labels.length > JUMP_LABELS ? labels.slice(-JUMP_LABELS) : labels.slice(1)
  return shorter.length > 0 ? shorter.join('.') : null
}

export interface FoundRecord {
  domain: string
  record: DmarcRecord
}

/** The record whose policy a domain without its own inherits: that of its organisational domain, else of the public suffix (RFC 9989 §4.10.2). */
export function inheritedRecord(domain: string, found: readonly FoundRecord[]): FoundRecord | null {
  const organisation = organisationalDomain(domain, found)
  const last = found.at(-1)
  return found.find((one) => one.domain === organisation) ?? (last?.record.psd === 'y' ? last : null)
}

/** `found` is in the order of the walk, longest name first. */
function organisationalDomain(domain: string, found: readonly FoundRecord[]): string {
  for (const { domain: name, record } of found) {
    if (record.psd === 'n') return name
    if (record.psd === 'y' && name !== domain)
      return domain
        .split('.')
        .slice(-(name.split('.').length + 1))
        .join('.')
  }
  return found.at(-1)?.domain ?? domain
}
