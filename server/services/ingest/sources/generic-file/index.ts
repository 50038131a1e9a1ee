import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { type Batch, defineSource, type SourceWork } from '../../contract'
import { type TailCursor, type TailSlice, testTail } from '../../tail'
import { rejectedLine, tickTail } from '../../tail/tick-tail'
import { eventOf } from '../generic/event-of'
import { fieldsOf, MappingSetting, OWN_SHAPE } from '../generic/fields'
import { parseStrict } from '../generic/strict-json'

const Settings = z.object({
  path: z
    .string()
    .max(1_000)
    .refine(isAbsolute, 'an absolute path')
    .describe('A file with one JSON object on each line')
    .optional(),
  mapping: MappingSetting.optional(),
})
type Settings = z.output<typeof Settings>
type Work = SourceWork<Settings, TailCursor>

const DEPTH = 10

/** Any program's log of JSON lines, read by a mapping. */
export const genericFile = defineSource<typeof Settings, TailCursor>({
  ...{ id: 'generic-file', vocabulary: 'generic', kind: 'tail', everyMs: 5_000 },
  about: 'A log file of any other program with one JSON object on each line.',
  settings: Settings,
  secrets: [],
  // Another mapping holds for what is written from then on: the lines read before would come again under other ids.
  cursorOf: ['path'],
  environment: {},
  isConfigured: ({ path }) => path !== undefined,
  tick: (work) => tickTail(work, (slice) => batchOf(work, slice)),
  test: ({ settings }) => testTail(settings.path!),
})

function batchOf({ ctx, settings }: Work, { lines, cursor }: TailSlice): Batch<TailCursor> {
  const read = lines
    .filter(({ text }) => text === null || text.trim() !== '')
    .map((line) => ({ line, fields: line.complete && line.text !== null ? readFields(line.text, settings) : null }))
  return {
    cursor,
    events: read.flatMap(({ line, fields }) =>
      fields ? [eventOf(ctx.secrets, fields, { receivedAt: ctx.now(), line: { ...line, path: settings.path! } })] : [],
    ),
    rejects: read.flatMap(({ line, fields }) => (fields ? [] : [rejectedLine(line, settings.path!, 'not-an-event')])),
  }
}

function readFields(text: string, { mapping = OWN_SHAPE }: Settings) {
  try {
    const fields = fieldsOf(parseStrict(Buffer.from(text), DEPTH), mapping)
    return fields.success ? fields.data : null
  } catch {
    return null
  }
}
