import { z } from 'zod'

const Hex = z.string().regex(/^[0-9a-f]{64}$/)
const Size = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** Which log of a scope: the newest, or after a restore an earlier one by its number. */
export const LogQuery = z.object({ generation: z.coerce.number().int().min(1).optional() })

export const LogHead = z.object({
  scope: z.string(),
  generation: z.int(),
  /** The name of the log, `p_3` or after a restore `p_3/2`. */
  log: z.string(),
  size: z.int(),
  /** RFC 6962 root over the leaves. */
  root: Hex,
})
export type LogHead = z.infer<typeof LogHead>

export const ConsistencyQuery = LogQuery.extend({ from: Size, to: Size })

export const ConsistencyProof = z.object({
  log: z.string(),
  from: z.int(),
  to: z.int(),
  fromRoot: Hex,
  toRoot: Hex,
  /** RFC 9162 §2.1.4.1, in the order in which a verifier takes them. */
  path: z.array(Hex),
})
export type ConsistencyProof = z.infer<typeof ConsistencyProof>

export const InclusionProof = z.object({
  eventId: z.string(),
  log: z.string(),
  index: z.int(),
  size: z.int(),
  root: Hex,
  /** The event's bytes as they are stored, and the hash that its leaf names. */
  event: z.string(),
  contentHash: Hex,
  /** The leaf's bytes: hash = SHA-256(0x00 || leaf). */
  leaf: z.string(),
  prevHash: Hex,
  hash: Hex,
  /** RFC 9162 §2.1.3.1, the lowest sibling first. */
  path: z.array(Hex),
})
export type InclusionProof = z.infer<typeof InclusionProof>

export const Verdict = z.enum(['intact', 'modified', 'missing', 'reordered', 'forked'])

export const Fault = z.object({
  kind: Verdict.exclude(['intact']),
  /** The first index that it concerns; null when it concerns no leaf. */
  index: z.int().nullable(),
  what: z.string(),
})

export const VerifyReport = z.object({
  verdict: Verdict,
  events: z.int(),
  /** Events that have no place yet: the tail of the last second. */
  unsequenced: z.int(),
  logs: z.array(
    z.object({
      log: z.string(),
      size: z.int(),
      root: Hex,
      verdict: Verdict,
      firstBadIndex: z.int().nullable(),
      faults: z.array(Fault),
      /** Events whose personal data was erased, as an event of the log declares. */
      erased: z.int(),
      /** Leaves that a declared restore lost. */
      lostByRestore: z.int(),
    }),
  ),
  /** What concerns no single log. */
  faults: z.array(Fault),
})

export const Verification = z.object({
  state: z.enum(['never', 'running', 'done', 'failed']),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  progress: z.object({ done: z.int(), total: z.int() }).nullable(),
  report: VerifyReport.nullable(),
})
export type Verification = z.infer<typeof Verification>
