import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** Base64 of the HMAC-SHA-256 of a body's bytes, as Stalwart's webhooks have it in X-Signature, under every secret that is valid by now. */
export interface SignatureCheck {
  update(chunk: Uint8Array): void
  /** Once, after the last chunk. Takes as long for a wrong signature as for a right one. */
  matches(header: string | undefined): boolean
}

export function signatureCheck(secrets: readonly string[]): SignatureCheck {
  const macs = secrets.map((secret) => createHmac('sha256', secret))
  return {
    update: (chunk) => macs.forEach((mac) => mac.update(chunk)),
    matches(header = '') {
      const given = digestOf(header.trim())
      // Every secret is compared, whichever fits.
      return macs.map((mac) => timingSafeEqual(digestOf(mac.digest('base64')), given)).some(Boolean)
    },
  }
}

/** Digests are of one length, whatever a header holds. */
const digestOf = (text: string) => createHash('sha256').update(text).digest()
