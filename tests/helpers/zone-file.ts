/** One record of a master file, its name absolute and without the final dot. */
export interface ZoneLine {
  name: string
  type: string
  /** Presentation form; the strings of a TXT joined, as a resolver's client joins them. */
  value: string
  /** Octets of each character-string of a TXT. */
  strings: number[]
}

interface Token {
  octets: number[]
  quoted: boolean
}

/** Reads a master file as RFC 1035 §5.1 has it: `$ORIGIN`, `$TTL`, quoted strings, escapes, comments. Written against the RFC, not against what writes it. */
export function readZoneFile(text: string): ZoneLine[] {
  let origin = ''
  const lines: ZoneLine[] = []
  const absolute = (name: string) => (name === '@' ? origin : name.endsWith('.') ? name.slice(0, -1) : `${name}.${origin}`)
  for (const line of text.split('\n')) {
    const tokens = tokensOf(line)
    if (tokens.length === 0) continue
    const words = tokens.map(({ octets }) => Buffer.from(octets).toString('utf8'))
    if (words[0] === '$ORIGIN') origin = words[1]!.replace(/\.$/, '')
    if (words[0]!.startsWith('$')) continue
    const [name, klass, type, ...data] = words as [string, string, string, ...string[]]
    if (klass !== 'IN') throw new Error(`no class IN in ${line}`)
    const strings = tokens.slice(3).map(({ octets }) => octets.length)
    const octets = tokens.slice(3).flatMap((token) => token.octets)
    const value = type === 'TXT' ? Buffer.from(octets).toString('utf8') : data.join(' ')
    lines.push({ name: absolute(name), type, value, strings: type === 'TXT' ? strings : [] })
  }
  return lines
}

function tokensOf(line: string): Token[] {
  const bytes = [...Buffer.from(line, 'latin1')]
  const tokens: Token[] = []
  let open: Token | null = null
  for (let at = 0; at < bytes.length; at++) {
    const sign = String.fromCharCode(bytes[at]!)
    if (sign === ';' && !open?.quoted) break
    if (sign === '"') {
      if (open?.quoted) open = null
      else tokens.push((open = { octets: [], quoted: true }))
    } else if (sign === ' ' && !open?.quoted) open = null
    else {
      if (!open) tokens.push((open = { octets: [], quoted: false }))
      if (sign !== '\\') open.octets.push(bytes[at]!)
      else if (/\d/.test(line[at + 1]!)) {
        open.octets.push(Number(line.slice(at + 1, at + 4)))
        at += 3
      } else open.octets.push(bytes[++at]!)
    }
  }
  return tokens
}
