import type { AuditEvent, InclusionProof } from '#shared/schemas/audit'
import { type Comparison, compareShown } from './shown'

// The browser does the sums itself (RFC 6962 §2.1, RFC 9162 §2.1.3.2): what the server says of a hash counts for nothing here.

/** One thing that was looked at, and whether it is so. */
export interface Finding {
  what: string
  holds: boolean
}

/** Whether this browser has what it takes: it gives it to pages of https and loopback alone. */
export const canHash = () => globalThis.crypto?.subtle !== undefined

/** What came of it: each step, and everything shown held against the bytes; null when they are no event. */
export interface Inclusion {
  findings: Finding[]
  comparison: Comparison | null
}

/** From the event's bytes to the root of its log, each step recomputed. */
export async function checkInclusion(shown: AuditEvent, proof: InclusionProof): Promise<Inclusion> {
  const { event, contentHash, leaf, index, prevHash, hash, size, root, path, log } = proof
  const leafHash = await sha256(LEAF, bytesOf(leaf))
  const comparison = compareShown(event, shown)
  const isPlaceShown = shown.index === index && shown.prevHash === prevHash && shown.log === log
  const findings = [
    { what: 'The event’s bytes have the hash that its leaf names', holds: hex(await hashOfEvent(event)) === contentHash },
    {
      what: 'They say what is shown here, every field; what they leave open is named below',
      holds: comparison?.differences.length === 0,
    },
    {
      what: `The leaf is number ${index} of the log shown here and names the one before it`,
      holds: leaf === leafText({ content: contentHash, index, prev: prevHash, scope: scopeOf(log) }) && isPlaceShown,
    },
    { what: 'The leaf has the hash shown here', holds: hex(leafHash) === hash && shown.hash === hash },
    {
      what: `From it, ${path.length} hashes lead to the root of log ${log} with ${size} events`,
      holds: hex((await rootFrom(leafHash, { index, size }, path)) ?? new Uint8Array()) === root,
    },
  ]
  return { findings, comparison }
}

/** A log is called by its scope, after a restore with a number: `p_3/2`. */
const scopeOf = (log: string) => log.replace(/\/\d+$/, '')

const LEAF = new Uint8Array([0])
const NODE = new Uint8Array([1])
const bytesOf = (text: string) => new TextEncoder().encode(text)
const hashOfEvent = (event: string) => sha256(bytesOf('vigia audit event v1\0'), bytesOf(event))

/** RFC 8785 knows one text for a leaf: its keys are sorted. */
const leafText = ({ content, index, prev, scope }: { content: string; index: number; prev: string; scope: string }) =>
  JSON.stringify({ content, index, prev, scope, v: 1 })

/** The root that a path of siblings leads to; null when the path is too long or too short for the tree. */
async function rootFrom(leafHash: Uint8Array, { index, size }: { index: number; size: number }, path: readonly string[]) {
  if (index < 0 || index >= size) return null
  let [at, last, hash] = [index, size - 1, leafHash]
  for (const sibling of path.map(unhex)) {
    if (last === 0) return null
    if (at % 2 === 1 || at === last) {
      hash = await sha256(NODE, sibling, hash)
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
    } else hash = await sha256(NODE, hash, sibling)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 ? hash : null
}

// Not by bit operations: those hold 32 bits, a log may be larger.
const half = (value: number) => Math.floor(value / 2)

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole))
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const unhex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
