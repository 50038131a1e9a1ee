import { z } from 'zod'

/** The sources of the audit log that the portal can take events from, each with its own cursor. */
export const INGEST_IDS = ['authentik', 'stalwart', 'ocis', 'generic', 'generic-file'] as const
export type IngestId = (typeof INGEST_IDS)[number]

/** Why a source does not deliver. Closed list: what a server or a file said in its own words is never kept. */
export const SOURCE_FAULTS = {
  'no-address': 'The name of the server has no address.',
  refused: 'The server refuses the connection.',
  timeout: 'The server did not answer in time.',
  unreachable: 'The server cannot be reached.',
  reset: 'The server broke the connection off.',
  'blocked-address': 'The address is an inner one that VIGIA_ALLOW_NETS does not name.',
  'tls-invalid': 'The certificate of the server is not valid.',
  protocol: 'The server does not speak HTTP as it should.',
  unauthorized: 'The server does not accept the token, or the token may not read this.',
  'rate-limited': 'The server asks to be asked less often.',
  'server-error': 'The server answers with an error of its own.',
  'unexpected-answer': 'The answer is not what this kind of server sends.',
  'too-large': 'The answer is larger than can be read at once.',
  'not-found': 'There is no such file.',
  unreadable: 'The file may not be read.',
  'not-a-file': 'There is something else in place of the file.',
  'bad-signature': 'What was sent was not signed with any of the secrets.',
  'bad-settings': 'A stored setting cannot be used: give it again.',
  storage: 'The events could not be stored.',
  internal: 'Something went wrong here; the log of the process says more.',
} as const
export type SourceFaultToken = keyof typeof SOURCE_FAULTS

/** What works, but not as well as it should. */
export const SOURCE_NOTES = {
  'filter-ignored': 'The server ignores the time filter: its newest events are read until known ones come.',
  'lines-lost':
    'The file went on without a trace of where it was read to: lines may be missing. Rotate by rename, and do not compress at once.',
} as const
export type SourceNote = keyof typeof SOURCE_NOTES

const Timestamp = z.iso.datetime().nullable()

export const IngestSource = z.object({
  id: z.enum(INGEST_IDS),
  kind: z.enum(['poll', 'webhook', 'tail']),
  about: z.string(),
  /**
   * `off`: AUDIT_INGEST_ENABLED is false; `unconfigured`: a setting is missing; `waiting`: nothing has come yet; `failing`: the last look
   * went wrong.
   */
  state: z.enum(['off', 'unconfigured', 'paused', 'failing', 'waiting', 'ok']),
  paused: z.boolean(),
  /** How far behind now the source is complete, milliseconds. */
  lagMs: z.int().nullable(),
  completeTo: Timestamp,
  lastRunAt: Timestamp,
  lastOkAt: Timestamp,
  lastEventAt: Timestamp,
  error: z.object({ token: z.string(), message: z.string(), at: z.iso.datetime() }).nullable(),
  note: z.object({ token: z.string(), message: z.string() }).nullable(),
  counters: z.object({
    accepted: z.int(),
    /** Came again, and was not stored again. */
    duplicate: z.int(),
    /** Of a kind that is not recorded. */
    skipped: z.int(),
    /** Could not be read: place and digest are kept. */
    bad: z.int(),
  }),
  /** Where the source sends to; null when the portal fetches. */
  endpoint: z.string().nullable(),
  /** How often the portal looks, milliseconds; null when the source sends. */
  everyMs: z.int().nullable(),
  canTest: z.boolean(),
  settings: z.array(
    z.object({
      key: z.string(),
      about: z.string(),
      isSecret: z.boolean(),
      isSet: z.boolean(),
      /** Set by the environment. */
      readOnly: z.boolean(),
      env: z.string().nullable(),
      /** JSON; never that of a secret. */
      value: z.unknown(),
    }),
  ),
  version: z.int(),
})
export type IngestSource = z.infer<typeof IngestSource>

export const IngestSourceList = z.object({ enabled: z.boolean(), sources: z.array(IngestSource) })
export type IngestSourceList = z.infer<typeof IngestSourceList>

export const IngestSourceParams = z.object({ id: z.enum(INGEST_IDS) })

/** What is left out stays; null takes a setting away. */
export const IngestSourcePatch = z
  .object({ version: z.int(), paused: z.boolean().optional(), settings: z.record(z.string().max(50), z.json()).optional() })
  .strict()
export type IngestSourcePatch = z.infer<typeof IngestSourcePatch>

/** A look at the source that stores nothing. */
export const IngestSourceTest = z.object({
  ok: z.boolean(),
  token: z.string().nullable(),
  message: z.string(),
  latencyMs: z.int(),
})
export type IngestSourceTest = z.infer<typeof IngestSourceTest>

/** An event of any sender: a CloudEvent 1.0, or the same without its version. What is not named in `data` is not kept. */
const SentEvent = z.looseObject({
  /** With `source`, unique for ever. */
  id: z.string(),
  source: z.string(),
  type: z.string(),
  time: z.iso.datetime({ offset: true }),
  data: z
    .looseObject({
      actor: z.looseObject({ id: z.string(), name: z.string(), email: z.string(), ip: z.string() }).partial(),
      resource: z.looseObject({ type: z.string(), id: z.string(), name: z.string() }).partial(),
      tenantSlug: z.string(),
      outcome: z.enum(['success', 'failure']),
      detail: z.string(),
      changed: z.string(),
      count: z.int(),
    })
    .partial()
    .optional(),
})
export const SentEvents = z.union([SentEvent, z.array(SentEvent), z.object({ events: z.array(SentEvent) })])

export const EventsReceipt = z.object({
  accepted: z.int(),
  /** Came before, by (source, id): nothing was changed. */
  duplicates: z.int(),
  /** Nothing of it was new. */
  duplicate: z.boolean(),
})
export type EventsReceipt = z.infer<typeof EventsReceipt>
