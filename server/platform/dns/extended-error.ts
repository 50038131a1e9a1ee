import { Packet } from 'dns2'
import { asText } from './text'
import type { ExtendedError } from './types'
import { WireReader } from './wire'

/** A server may send whole essays; no more of them is kept. */
const MAX_ERRORS = 8
const MAX_TEXT_CHARS = 300

/** The codes that say a validator found the zone's signatures wrong (RFC 8914 §4.7 to §4.13). */
const BOGUS = new Set<number>([
  Packet.EDE.DNSSEC_BOGUS,
  Packet.EDE.SIGNATURE_EXPIRED,
  Packet.EDE.SIGNATURE_NOT_YET_VALID,
  Packet.EDE.DNSKEY_MISSING,
  Packet.EDE.RRSIGS_MISSING,
  Packet.EDE.NO_ZONE_KEY_BIT_SET,
  Packet.EDE.NSEC_MISSING,
])

/**
 * The Extended DNS Errors among the options of an OPT record (RFC 8914 §2).
 * @throws MalformedMessage when an option is longer than the record.
 */
export function readExtendedErrors(options: Buffer): ExtendedError[] {
  const reader = new WireReader(options)
  const found: ExtendedError[] = []
  while (reader.offset < options.length) {
    const code = reader.u16()
    const data = reader.bytes(reader.u16())
    const isError = code === Packet.EDNS_OPTION_CODE.EDE && data.length >= 2
    if (isError && found.length < MAX_ERRORS) found.push(toError(data))
  }
  return found
}

function toError(data: Buffer): ExtendedError {
  // RFC 8914 §2: some servers end the text with a NUL, which must be taken off.
  const text = asText(data.subarray(2)).replace(/\0+$/, '')
  return { code: data.readUInt16BE(), text: text.slice(0, MAX_TEXT_CHARS) }
}

/** Whether a validating resolver says that the zone's own signatures are wrong. */
export function saysBogus(errors: readonly ExtendedError[]): boolean {
  return errors.some((error) => BOGUS.has(error.code))
}

/** As people read it: `6 DNSSEC BOGUS: no valid signature`. */
export function describeExtendedError({ code, text }: ExtendedError): string {
  const name = Packet.EDE_NAME[code]?.replaceAll('_', ' ')
  return [`${code}${name ? ` ${name}` : ''}`, text].filter(Boolean).join(': ')
}
