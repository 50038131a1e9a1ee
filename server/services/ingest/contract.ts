import type { z } from 'zod'
import type { SourceId } from '#shared/audit-words'
import type { IngestId, SourceFaultToken, SourceNote } from '#shared/schemas/ingest'
import type { Config } from '#server/platform/config'
import type { Actor, Context } from '#server/platform/context'
import type { EventDetails } from '#server/services/audit'

/** Where to look for the tenant of an event: the first hint that names exactly one tenant decides. */
export type TenantHint = { slugs: readonly string[] } | { domain: string }

/** One event as a source's mapping makes it of what the source said. Keys of `data` that the action's list lacks are dropped. */
export interface IngestedEvent {
  /** The same whenever the event comes again, and no other event's. */
  externalId: string
  /** Milliseconds since 1970, as the source says. */
  at: number
  /** The source's own word for what happened; see `sourceAction`. */
  type: string
  outcome?: EventDetails['outcome']
  actor: Actor
  resource: EventDetails['resource']
  tenantHints?: readonly TenantHint[]
  data?: EventDetails['data']
}

/** Something that came and cannot be an event. Its text is not kept. */
export interface Reject {
  /** A file's path, or an address of ours. */
  place: string
  offset?: number
  /** Bytes. */
  length: number
  /** SHA-256 of them, hex. */
  digest: string
  /** A word of the source's own list. */
  reason: string
}

/**
 * Events of one transaction, where no thread stores them: a few milliseconds of the event loop. A batch of no more stands whole, with its
 * cursor, or not at all.
 */
export const EVENTS_AT_ONCE = 64

/** What is stored together: the cursor moves with the events that it stands behind. */
export interface Batch<Cursor = unknown> {
  events: readonly IngestedEvent[]
  /** Left out: stays as it is. */
  cursor?: Cursor
  /** Milliseconds; left out: stays as it is. It never goes back. */
  completeTo?: number
  /** How many were left out for their kind. */
  skipped?: number
  rejects?: readonly Reject[]
  /** Milliseconds: that something came then shows that the source is well. Left out: a tick says so at its end. */
  wellAt?: number
}

export interface Receipt {
  accepted: number
  duplicate: number
}

/** What comes for a source that is sent to. Nothing of the body is read yet. */
export interface Incoming {
  contentType: string
  /** What the header says: base64 of the HMAC-SHA-256 of the bytes. */
  signature: string | undefined
  /** What the sender announced, bytes. */
  length: number | undefined
  chunks: AsyncIterable<Uint8Array>
}

/** What a source has to work with. */
export interface SourceWork<Settings = Record<string, unknown>, Cursor = unknown> {
  ctx: Context
  settings: Settings
  /** The settings that the environment gave: whoever sets it may point anywhere. */
  fromEnvironment: ReadonlySet<string>
  /** Null on the first look, and when a setting was changed since. */
  cursor: Cursor | null
  /** The process is stopping. */
  signal: AbortSignal
  /** Stores events and cursor. @throws SourceFault when another process has taken the source over */
  append(batch: Batch<Cursor>): Promise<Receipt>
}

/** What a tick has to say at its end. */
export interface Ticked {
  /** There is more: the next tick need not wait. */
  more?: boolean
  note?: SourceNote | null
}

/** One kind of source. `Schema` describes its settings; every one of them may be missing. */
export interface SourceDefinition<Schema extends z.ZodObject = z.ZodObject, Cursor = unknown> {
  id: IngestId
  /** Whose actions its events are. */
  vocabulary: SourceId
  kind: 'poll' | 'webhook' | 'tail'
  about: string
  settings: Schema
  /** Which of the settings the cursor belongs to: when one of them changes, it begins anew. All but the secrets when not said. */
  cursorOf?: readonly (keyof z.output<Schema> & string)[]
  /** Which of the settings are sealed and never shown. */
  secrets: readonly (keyof z.output<Schema> & string)[]
  /** The name of the environment for a setting, and how the portal's settings give it; undefined when it is not set there. */
  environment: { readonly [Key in keyof z.output<Schema> & string]?: { name: string; of(config: Config): unknown } }
  /** A secret goes to this address: who turns it elsewhere has to know the secret. */
  secretGoesTo?: { secret: keyof z.output<Schema> & string; address: keyof z.output<Schema> & string }
  isConfigured(settings: z.output<Schema>, config: Config): boolean
  /** Where the source sends to. */
  endpoint?: string
  /** How often `tick` is wanted, milliseconds. */
  everyMs?: number
  /** @throws SourceFault */
  tick?(work: SourceWork<z.output<Schema>, Cursor>): Promise<Ticked>
  /** A look that stores nothing. @throws SourceFault */
  test?(work: Omit<SourceWork<z.output<Schema>, Cursor>, 'append'>): Promise<void>
}

/** A source as the frame sees it. */
export type AnySource = SourceDefinition

/**
 * Types a source against its own settings and cursor. The frame hands it only settings that its own schema has parsed and cursors that it
 * wrote itself, so that forgetting both types here is safe.
 */
export function defineSource<Schema extends z.ZodObject, Cursor>(source: SourceDefinition<Schema, Cursor>): AnySource {
  return source as unknown as AnySource
}

/** Why a source did not deliver; told on the source by its token. */
export class SourceFault extends Error {
  constructor(
    readonly token: SourceFaultToken,
    /** When the source itself says when to come again. */
    readonly retryAfterMs?: number,
  ) {
    super(token)
    this.name = 'SourceFault'
  }
}
