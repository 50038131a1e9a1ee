/** RFC 8996: TLS before 1.2 must not be used. */
export function isOutdated(protocol: string): boolean {
  return protocol !== 'TLSv1.2' && protocol !== 'TLSv1.3'
}
