import type { Category, Severity, SourceId } from '#shared/audit-words'

/**
 * What a value of `data` may be. `text` is cut at 4,000 characters, `id` at 200; `count` is a whole number within 2^53, `flag` true or
 * false, `time` milliseconds since 1970. A value of another kind is dropped and counted.
 */
export type DataKind = 'text' | 'id' | 'count' | 'flag' | 'time'

/** One kind of event. What is not here cannot be written. */
export interface ActionKind {
  category: Category
  severity: Severity
  /** Told in the timeline: `{actor}`, `{resource}`, `{tenant}` or a key of `data` in braces; `[…]` is left out when one in it is unknown. */
  sentence: string
  /** Told when the outcome is failure; the sentence with "(failed)" where there is none. */
  failed?: string
  /** The keys that `data` may hold; `key.before` and `key.after` are allowed with `key`. Never personal data, never a secret. */
  data?: Readonly<Record<string, DataKind>>
  /** Keys that are personal: they are sealed beside the event, which says of a change only that there was one. */
  personal?: Readonly<Record<string, DataKind>>
  /** Somebody's rights grew, or were taken. */
  privilege?: true
  /** The event tells about a person, also where it holds none of the person's data. */
  person?: true
}

/** The actions of one area, by name. */
export type ActionArea = Readonly<Record<string, ActionKind>>

/** The actions of a source: those known by name, and what holds for others, the longest beginning first (`''` for all). */
export interface SourceVocabulary {
  known: ActionArea
  families: Readonly<Record<string, ActionKind>>
}

/** An action of a source, known or not: `authentik.login`, `stalwart.holodeck.door-opened`. */
export type SourceAction = `${SourceId}.${string}`
