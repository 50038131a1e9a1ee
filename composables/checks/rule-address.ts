/** Where a rule such as `RFC 7208 §4.6.4` can be read; null when it names no RFC. */
export function ruleAddress(rule: string): string | null {
  const match = /RFC (\d{1,5})(?:\s*§\s*([A-Z]?[\d.]*\d))?/.exec(rule)
  if (!match) return null
  return `https://www.rfc-editor.org/rfc/rfc${match[1]}${match[2] ? `#section-${match[2]}` : ''}`
}
