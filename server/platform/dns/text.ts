const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text as published: UTF-8 where it is that, otherwise one character per octet, so that no octet is lost or replaced. */
export function asText(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return Buffer.from(bytes).toString('latin1')
  }
}
