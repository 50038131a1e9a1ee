import { isAbsolute } from 'node:path'
import { z } from 'zod'
import type { Context } from '#server/platform/context'
import { type Batch, defineSource, type SourceWork } from '../../contract'
import { type TailCursor, type TailLine, type TailSlice, testTail } from '../../tail'
import { rejectedLine, tickTail } from '../../tail/tick-tail'
import { isChange, mapLine, type TenantsOf } from './map-line'
import { readLine } from './read-line'

const Slug = z.string().min(1).max(100)
const Settings = z.object({
  path: z
    .string()
    .max(1_000)
    .refine(isAbsolute, 'an absolute path')
    .describe('The file that OCIS writes its audit log to')
    .optional(),
  tenant: Slug.describe('The tenant whose server it is, where it is one tenant’s alone').optional(),
  spaces: z.record(z.string().max(100), Slug).describe('The tenant of a space, by the space’s id').optional(),
  users: z.record(z.string().max(100), Slug).describe('The tenant of a user, by the user’s id').optional(),
})
type Settings = z.output<typeof Settings>

export const ocis = defineSource<typeof Settings, TailCursor>({
  ...{ id: 'ocis', vocabulary: 'ocis', kind: 'tail', everyMs: 5_000 },
  about: 'The audit log file of ownCloud Infinite Scale, followed as it grows.',
  settings: Settings,
  secrets: [],
  cursorOf: ['path'],
  environment: { path: { name: 'OCIS_AUDIT_LOG_PATH', of: ({ ingest }) => ingest.ocisAuditLogPath } },
  isConfigured: ({ path }) => path !== undefined,
  tick: (work) => tickTail(work, (slice) => batchOf(work, slice)),
  test: ({ settings }) => testTail(settings.path!),
})

function batchOf({ ctx, settings }: SourceWork<Settings, TailCursor>, { lines, cursor }: TailSlice): Batch<TailCursor> {
  const receivedAt = ctx.now()
  const tenants: TenantsOf = { tenant: settings.tenant, spaces: settings.spaces ?? {}, users: settings.users ?? {} }
  const told = lines.filter(({ text }) => text === null || text.trim() !== '')
  const read = told.map((line) => ({ line, event: line.complete && line.text !== null ? readLine(line.text) : null }))
  const known = read.flatMap(({ line, event }) => (event ? [{ line, event }] : []))
  const changes = known.filter(({ event }) => isChange(event))
  return {
    cursor,
    events: changes.map(({ line, event }) => mapLine(event, { externalId: externalIdOf(ctx, line), receivedAt }, tenants)),
    skipped: known.length - changes.length,
    rejects: read.flatMap(({ line, event }) => (event ? [] : [rejectedLine(line, settings.path!, 'not-an-audit-line')])),
  }
}

/**
 * The file and the place in it, since two lines of one second may be the same byte for byte; and the line, should the place be another's.
 * Keyed: a plain digest that stands in the log for ever would confirm a guess at a name or path in the line.
 */
const externalIdOf = ({ secrets }: Pick<Context, 'secrets'>, { file, offset, digest }: TailLine) =>
  secrets.tag('ocis-line', `${file}\0${offset}\0${digest}`)
