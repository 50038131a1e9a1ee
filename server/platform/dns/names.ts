/** The root, which alone keeps its dot. */
export const ROOT = '.'

/**
 * Labels of 1-63 octets with dots between. A backslash marks a label that holds a dot; such a name is never asked for. A space is allowed:
 * SPF macros make some.
 */
const LABELS = /^[\x20-\x2d\x2f-\x5b\x5d-\x7e]{1,63}(?:\.[\x20-\x2d\x2f-\x5b\x5d-\x7e]{1,63})*$/

/**
 * The one spelling of a name used inside: lower case, no trailing dot, `.` for the root.
 * Null when the name cannot be put into a question (RFC 1035 §2.3.4: labels of 1-63 octets, 255 in all; ASCII only).
 */
export function normaliseName(name: string): string | null {
  if (name === ROOT) return ROOT
  const plain = (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase()
  // dns2 drops empty labels and cuts characters to 8 bits, so a bad name would silently become the question for another one.
  return plain.length <= 253 && LABELS.test(plain) ? plain : null
}

/** True when `name` is `zone` or lies below it. */
export function isWithin(name: string, zone: string): boolean {
  return zone === ROOT || name === zone || name.endsWith('.' + zone)
}
