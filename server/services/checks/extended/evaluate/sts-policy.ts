/** RFC 8461 §3.3: senders may stop reading a policy there. */
export const MAX_POLICY_BYTES = 64 * 1024
/** RFC 8461 §3.2: about a year. */
const MAX_AGE_SEC = 31_557_600
const MODES = ['enforce', 'testing', 'none'] as const

export interface StsPolicy {
  mode: (typeof MODES)[number]
  maxAgeSec: number
  /** Host names, or `*.` and a host name; lower-case. */
  mx: string[]
}

/** Reads a policy (RFC 8461 §3.2); of fields given twice the first counts, unknown ones are ignored. A text says what is wrong. */
export function parseStsPolicy(body: string): StsPolicy | string {
  const fields = new Map<string, string>()
  const mx: string[] = []
  for (const line of body.split(/\r?\n/).filter((text) => text.trim() !== '')) {
    const [, name, value] = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,31})[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    if (name === undefined || value === undefined) return `"${line.slice(0, 80)}" is no "name: value"`
    if (name === 'mx') mx.push(value.toLowerCase().replace(/\.$/, ''))
    else if (!fields.has(name)) fields.set(name, value)
  }
  if (fields.get('version') !== 'STSv1') return 'version: STSv1 is missing'
  const mode = MODES.find((one) => one === fields.get('mode'))
  if (!mode) return 'mode is none of enforce, testing, none'
  const maxAge = fields.get('max_age') ?? ''
  if (!/^\d{1,10}$/.test(maxAge) || Number(maxAge) > MAX_AGE_SEC) return `max_age is no number up to ${MAX_AGE_SEC}`
  if (mode !== 'none' && mx.length === 0) return 'mx is missing'
  return { mode, maxAgeSec: Number(maxAge), mx }
}

/** Whether a policy covers a host: the same name, or one label in the place of `*` (RFC 8461 §4.1). */
export function coversHost(policy: StsPolicy, host: string): boolean {
  return policy.mx.some((pattern) =>
    pattern.startsWith('*.') ? host.includes('.') && host.slice(host.indexOf('.') + 1) === pattern.slice(2) : pattern === host,
  )
}
