import { createHash } from 'node:crypto'
import type { Reject } from '../../contract'
import { AuthentikEvent } from './event'
import { TOO_LARGE } from './pages'

const PLACE = 'api/v3/events/events/'

/** One row of a page: `key` names it for ever. */
export type Row = { key: string; at: number } & ({ event: AuthentikEvent } | { reject: Reject })

/**
 * Every row of a page as an event, or as what cannot be one; that counts as of the moment `around`, for it names none. Of what was too
 * large to be read nothing is known, not even its length.
 */
export function readRows(rows: readonly unknown[], around: number): Row[] {
  return rows.map((row) => {
    const parsed = AuthentikEvent.safeParse(row)
    if (parsed.success) return { key: parsed.data.pk, at: Date.parse(parsed.data.created), event: parsed.data }
    const isTooLarge = row === TOO_LARGE
    const text = isTooLarge ? '' : JSON.stringify(row)
    const digest = createHash('sha256').update(text).digest('hex')
    const reason = isTooLarge ? 'too-large' : 'not-an-event'
    return { key: digest, at: around, reject: { place: PLACE, length: Buffer.byteLength(text), digest, reason } }
  })
}

/** The moments of what are events, in the order of the page. */
export const momentsOf = (rows: readonly Row[]): number[] => rows.flatMap((row) => ('event' in row ? [row.at] : []))
