import { z } from 'zod'
import {
  INGEST_IDS,
  type IngestId,
  type IngestSource,
  type IngestSourceList,
  SOURCE_FAULTS,
  SOURCE_NOTES,
} from '#shared/schemas/ingest'
import type { Context } from '#server/platform/context'
import { requireWholeScope } from './access'
import type { AnySource } from './contract'
import { effectiveSettings, givenByEnvironment, type Settings } from './settings'
import { sourceOf } from './sources'
import { readSource, readSources, type SourceRow } from './store'

/** Every source with its state, its settings without secrets, and its counters. @throws ServiceError FORBIDDEN for a narrowed caller */
export async function listSources(ctx: Context): Promise<IngestSourceList> {
  requireWholeScope(ctx)
  const rowOf = await readSources(ctx.db)
  return { enabled: ctx.config.ingest.enabled, sources: INGEST_IDS.map((id) => told(ctx, sourceOf(id), rowOf(id))) }
}

/** One of them. @throws ServiceError FORBIDDEN for a narrowed caller */
export async function getSource(ctx: Context, id: IngestId): Promise<IngestSource> {
  requireWholeScope(ctx)
  return told(ctx, sourceOf(id), await readSource(ctx.db, id))
}

function told(ctx: Context, source: AnySource, row: SourceRow): IngestSource {
  const known = settingsOf(ctx, source, row)
  const { accepted, duplicate, skipped, bad, paused, version, completeTo } = row
  return {
    ...{ id: source.id, kind: source.kind, about: source.about, paused, version },
    state: stateOf(ctx, row, known !== null && source.isConfigured(known, ctx.config)),
    lagMs: completeTo === null ? null : Math.max(0, ctx.now() - completeTo),
    ...{ completeTo: timestamp(completeTo), lastRunAt: timestamp(row.lastRunAt), lastOkAt: timestamp(row.lastOkAt) },
    lastEventAt: timestamp(row.lastEventAt),
    error: known === null ? { ...worded('bad-settings'), at: timestamp(ctx.now())! } : errorOf(row),
    note: row.note ? { token: row.note, message: SOURCE_NOTES[row.note as keyof typeof SOURCE_NOTES] ?? row.note } : null,
    counters: { accepted, duplicate, skipped, bad },
    ...{ endpoint: source.endpoint ?? null, everyMs: source.everyMs ?? null, canTest: source.test !== undefined },
    settings: fieldsOf(ctx, source, known ?? { ...row.settings }),
  }
}

function timestamp(ms: number): string
function timestamp(ms: number | null): string | null
function timestamp(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

function settingsOf(ctx: Context, source: AnySource, row: SourceRow): Settings | null {
  try {
    return effectiveSettings(ctx, source, row).settings
  } catch {
    return null
  }
}

function stateOf(ctx: Context, row: SourceRow, isConfigured: boolean): IngestSource['state'] {
  if (!ctx.config.ingest.enabled) return 'off'
  if (row.paused) return 'paused'
  if (row.lastError !== null) return 'failing'
  if (!isConfigured) return 'unconfigured'
  return row.lastOkAt === null ? 'waiting' : 'ok'
}

function errorOf({ lastError, lastErrorAt }: SourceRow): IngestSource['error'] {
  return lastError === null ? null : { ...worded(lastError), at: timestamp(lastErrorAt ?? 0) }
}

const worded = (token: string) => ({ token, message: SOURCE_FAULTS[token as keyof typeof SOURCE_FAULTS] ?? token })

function fieldsOf(ctx: Context, source: AnySource, known: Settings): IngestSource['settings'] {
  const given = givenByEnvironment(ctx, source)
  return Object.entries(source.settings.shape).map(([key, schema]) => {
    const isSecret = source.secrets.includes(key)
    const value = known[key] ?? null
    return {
      ...{ key, about: aboutOf(schema) ?? key, isSecret, isSet: value !== null, readOnly: key in given },
      ...{ env: source.environment[key]?.name ?? null, value: isSecret ? null : value },
    }
  })
}

/** What a setting is described by; that it may be missing is said around its description. */
const aboutOf = (schema: z.ZodType): string | undefined =>
  schema.description ?? (schema instanceof z.ZodOptional ? aboutOf(schema.unwrap() as z.ZodType) : undefined)
