import { createHash } from 'node:crypto'
import type { Context } from '#server/platform/context'
import { type AnySource, SourceFault } from './contract'
import type { SourceRow } from './store'

/** Binds the box to its column. */
const PURPOSE = 'ingest_sources.secret_box'

export type Settings = Record<string, unknown>

/** What a source works with: the environment's word before that of the portal. */
export interface Effective {
  settings: Settings
  fromEnvironment: ReadonlySet<string>
  /** Digest of what the cursor depends on: everything but secrets. */
  basis: string
}

/**
 * The settings of a source as they hold now.
 * @throws SourceFault `bad-settings` when what is stored does not open with VIGIA_SECRET_KEY, or is not what this version understands
 */
export function effectiveSettings(ctx: Context, source: AnySource, row: SourceRow): Effective {
  const given = givenByEnvironment(ctx, source)
  const stored = { ...row.settings, ...storedSecrets(ctx, row) }
  const parsed = source.settings.safeParse({ ...stored, ...given })
  if (!parsed.success) throw new SourceFault('bad-settings')
  const settings: Settings = parsed.data
  const belongs = (key: string) => source.cursorOf?.includes(key) ?? !source.secrets.includes(key)
  const open = Object.entries(settings).filter(([key]) => belongs(key))
  const basis = createHash('sha256').update(JSON.stringify(open.sort())).digest('hex')
  return { settings, fromEnvironment: new Set(Object.keys(given)), basis }
}

/** Whether there is anything to look at. What is stored and cannot be used counts: a look will say so on the source. */
export function isConfigured(ctx: Context, source: AnySource, row: SourceRow): boolean {
  try {
    return source.isConfigured(effectiveSettings(ctx, source, row).settings, ctx.config)
  } catch {
    return true
  }
}

/** The settings that the environment gives, by their keys. */
export function givenByEnvironment({ config }: Context, { environment }: AnySource): Settings {
  const given = Object.entries(environment).map(([key, from]) => [key, from?.of(config)])
  return Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== null))
}

/** @throws SourceFault `bad-settings` when the box does not open */
export function storedSecrets(ctx: Context, { secretBox }: Pick<SourceRow, 'secretBox'>): Settings {
  if (secretBox === null) return {}
  try {
    return JSON.parse(ctx.secrets.open(PURPOSE, secretBox)) as Settings
  } catch {
    throw new SourceFault('bad-settings')
  }
}

/** Null for none. */
export function sealSecrets(ctx: Context, secrets: Settings): string | null {
  return Object.keys(secrets).length > 0 ? ctx.secrets.seal(PURPOSE, JSON.stringify(secrets)) : null
}
