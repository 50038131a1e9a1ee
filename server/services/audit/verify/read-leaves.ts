import { isUtf8 } from 'node:buffer'
import type { Reader } from '#drizzle/reader'
import { COPIES } from './copies'
import { hexOf } from './read-tree'

/** Leaves by the numbers of their events: those after `after`, up to `upTo`. */
export interface SeqRange {
  after: number
  upTo: number
}

/** The columns of `LEAVES`, in its order; null where a row is not there, or holds no hash where one belongs. */
type Columns = [
  seq: number,
  logId: number,
  leafIndex: number,
  hash: string | null,
  content: string | null,
  contentHash: string | null,
  dedupEventId: string | null,
  subjectId: string | null,
  salt: string | null,
  box: string | null,
  ipTag: string | null,
  ...copies: unknown[],
]

/** A leaf with all that hangs on it, hashes in hex. */
export type LeafRow = ReturnType<typeof leafOf>

// By place, not taken apart: that costs a fifth of the read itself.
function leafOf(columns: Columns) {
  return {
    seq: columns[0],
    logId: columns[1],
    leafIndex: columns[2],
    hash: columns[3],
    content: columns[4],
    contentHash: columns[5],
    dedupEventId: columns[6],
    subjectId: columns[7],
    salt: columns[8],
    box: columns[9],
    ipTag: columns[10],
    columns,
  }
}

/** Where the copies begin in a row's columns. */
export const FIRST_COPY = 11

// Written out: a builder would map each of millions of rows again. In the order of admission, in which the rows of all these tables
// were written: by the order of a log each row would be looked for somewhere else.
const LEAVES = `
  SELECT f.event_seq, f.log_id, f.leaf_index, ${hexOf('f.hash')}, e.content, ${hexOf('e.content_hash')}, d.event_id,
    p.subject_id, ${hexOf('p.salt')}, p.box, p.ip_tag, ${COPIES.map(({ column }) => `e.${column}`).join(', ')}
  FROM audit_leaves f
  LEFT JOIN audit_events e ON e.seq = f.event_seq
  LEFT JOIN audit_dedup d ON d.source = e.source AND d.external_id = e.external_id
  LEFT JOIN audit_personal p ON p.event_id = e.id
  WHERE f.event_seq > ? AND f.event_seq <= ?
  ORDER BY f.event_seq LIMIT ?`

/** Rows of one statement. */
const PAGE = 512

/** The leaves of a range, in the order in which their events were admitted. */
export function* leavesOf(db: Reader, { after, upTo }: SeqRange): Generator<LeafRow> {
  for (let last: number | undefined = after; last !== undefined;) {
    // As arrays: to name the columns of each row takes longer than to read it.
    const rows = db.$client.prepare(LEAVES).raw().all(last, upTo, PAGE) as Columns[]
    for (const columns of rows) {
      const leaf = leafOf(columns)
      if (leaf.content !== null && isDoubtful(leaf.content)) leaf.content = exactContent(db, leaf.seq)
      yield leaf
    }
    last = rows.length === PAGE ? rows.at(-1)![0] : undefined
  }
}

/** Whether other bytes could be read as the same text: what is no UTF-8 is read as U+FFFD, also where bytes were put in place of text. */
const isDoubtful = (content: unknown) => typeof content !== 'string' || content.includes('\uFFFD')

/** An event's text, or another one where its bytes are no UTF-8. */
function exactContent(db: Reader, seq: number): string {
  const sql = 'SELECT CAST(content AS BLOB) AS content FROM audit_events WHERE seq = ?'
  const { content } = db.$client.prepare(sql).get(seq) as { content: Buffer }
  return isUtf8(content) ? content.toString('utf8') : content.toString('latin1')
}

/** Where ranges of so many leaves end, in order; the last one may hold fewer. Numbers that no event can have are found by another check. */
export function* rangesOf(db: Reader, leaves: number): Generator<SeqRange> {
  const place = db.$client.prepare(
    'SELECT event_seq AS seq FROM audit_leaves WHERE event_seq > ? ORDER BY event_seq LIMIT 1 OFFSET ?',
  )
  const last = db.$client.prepare('SELECT max(event_seq) AS seq FROM audit_leaves WHERE event_seq <= ?')
  const end = (last.get(Number.MAX_SAFE_INTEGER) as { seq: number | null }).seq ?? 0
  for (let after = 0; after < end;) {
    const upTo = Math.min(end, (place.get(after, leaves - 1) as { seq: number } | undefined)?.seq ?? end)
    yield { after, upTo }
    after = upTo
  }
}
