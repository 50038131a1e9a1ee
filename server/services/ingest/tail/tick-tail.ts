import type { Batch, Reject, SourceWork, Ticked } from '../contract'
import { tail, type TailCursor, type TailLine, type TailSlice } from '.'

/** A tick ends after so many slices, so that another process may have its turn: some 20,000 lines. */
const SLICES_A_TICK = 300

/** Reads on in the file of a source, each slice stored with the cursor that says so. @throws SourceFault as `tail` does */
export async function tickTail(
  { ctx, settings, cursor, signal, append }: SourceWork<{ path?: string }, TailCursor>,
  batchOf: (slice: TailSlice) => Batch<TailCursor>,
): Promise<Ticked> {
  const startedAt = ctx.now()
  const gapsBefore = cursor?.gaps ?? 0
  let [slices, gaps] = [0, gapsBefore]
  const note = () => (gaps > gapsBefore ? ('lines-lost' as const) : null)
  for await (const slice of tail(settings.path!, cursor ?? undefined)) {
    await append(batchOf(slice))
    gaps = slice.cursor.gaps
    if (signal.aborted || ++slices >= SLICES_A_TICK) return { more: true, note: note() }
  }
  await append({ events: [], completeTo: startedAt })
  return { note: note() }
}

/** A line that cannot be an event; `reason` when it could be read. */
export const rejectedLine = ({ offset, length, digest, complete, text }: TailLine, place: string, reason: string): Reject => ({
  ...{ place, offset, length, digest },
  reason: !complete ? 'unfinished' : text === null ? 'unreadable' : reason,
})
