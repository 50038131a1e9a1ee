import { SOURCE_IDS, type SourceId } from '#shared/audit-words'
import type { ActionArea, ActionKind, SourceAction, SourceVocabulary } from './contract'
import { accessActions } from './portal/access'
import { auditActions } from './portal/audit'
import { checkActions } from './portal/checks'
import { ingestActions } from './portal/ingest'
import { settingsActions } from './portal/settings'
import { tenantActions } from './portal/tenants'
import { authentik } from './sources/authentik'
import { generic } from './sources/generic'
import { ocis } from './sources/ocis'
import { stalwart } from './sources/stalwart'

export type { ActionKind, DataKind, SourceAction } from './contract'

/** Every action of the portal itself. What is not here cannot be written by it. */
export const ACTIONS = {
  ...accessActions,
  ...tenantActions,
  ...checkActions,
  ...settingsActions,
  ...ingestActions,
  ...auditActions,
} as const satisfies ActionArea

/** Every source with its vocabulary. */
export const SOURCES: Readonly<Record<SourceId, SourceVocabulary>> = { authentik, stalwart, ocis, generic }

export type Action = keyof typeof ACTIONS
/** What an event's action may be: a verb of the portal, or what a source called it. */
export type AnyAction = Action | SourceAction

/** Keys that any event may hold beside those of its action: the request that it belongs to, and for whom the actor acted (an id). */
export const COMMON_DATA = { requestId: 'id', onBehalfOf: 'id' } as const satisfies ActionKind['data']

const LONGEST_RAW = 80

/**
 * The action of a source's own word: `authentik.login`, `ocis.unknown` where it has none. What is not a letter, digit, dot, hyphen or
 * underscore becomes an underscore; 80 characters are kept.
 */
export function sourceAction(source: SourceId, raw: string): SourceAction {
  const word = raw
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '_')
    .slice(0, LONGEST_RAW)
  return `${source}.${/[a-z0-9]/.test(word) ? word : 'unknown'}`
}

const byLength = (a: string, b: string) => b.length - a.length
const FAMILIES = SOURCE_IDS.flatMap((id) =>
  Object.entries(SOURCES[id].families).map(([beginning, kind]) => [beginning || `${id}.`, kind] as const),
).sort(([a], [b]) => byLength(a, b))
const KNOWN: ReadonlyMap<string, ActionKind> = new Map(
  [ACTIONS, ...SOURCE_IDS.map((id) => SOURCES[id].known)].flatMap((area) => Object.entries(area)),
)

/** What the catalogue says of an action: by its name, else by the longest beginning that its source knows. Undefined for neither. */
export function kindOf(action: AnyAction): ActionKind
export function kindOf(action: string): ActionKind | undefined
export function kindOf(action: string): ActionKind | undefined {
  return KNOWN.get(action) ?? FAMILIES.find(([beginning]) => action.startsWith(beginning))?.[1]
}

/** The words of an event, for `sentenceOf`. An action that this version does not know is told by its name. */
export function templateOf(action: string, outcome: string): string {
  const kind = kindOf(action)
  if (!kind) return '{actor}: {action} of {resource}'
  return outcome === 'failure' ? (kind.failed ?? `${kind.sentence} (failed)`) : kind.sentence
}
