import { ServiceError, type Issue } from '#shared/errors'
import type { IngestId, IngestSource, IngestSourcePatch } from '#shared/schemas/ingest'
import type { Context } from '#server/platform/context'
import { changesOf, mutate } from '#server/services/audit'
import { requireWholeScope } from './access'
import type { AnySource } from './contract'
import { getSource } from './read-sources'
import { givenByEnvironment, sealSecrets, type Settings, storedSecrets } from './settings'
import { sourceOf } from './sources'
import { changeSource, readSource, type SourceRow } from './store'

/**
 * Pauses a source, lets it go on, or sets how it is reached. What the environment sets cannot be set here; secrets are sealed.
 * @throws ServiceError STALE_VERSION with the source as it stands, VALIDATION naming each setting, FORBIDDEN for a narrowed caller
 */
export async function updateSource(ctx: Context, id: IngestId, patch: IngestSourcePatch): Promise<IngestSource> {
  requireWholeScope(ctx)
  const source = sourceOf(id)
  return mutate(ctx, 'ingest_source.updated', async (inside) => {
    const row = await readSource(inside.tx, id)
    if (patch.version !== row.version) {
      const current = await getSource(inside, id)
      throw new ServiceError('STALE_VERSION', 'Somebody changed this meanwhile', { details: { current } })
    }
    const before = allStored(ctx, row)
    const after = changedSettings(ctx, source, before, patch.settings ?? {})
    const paused = patch.paused ?? row.paused
    const data = toldChanges(source, { ...before, paused: row.paused }, { ...after, paused })
    if (Object.keys(data).length === 0) return { value: await getSource(inside, id), events: [] }
    const [secrets, settings] = [pick(after, source, true), pick(after, source, false)]
    const changes = { paused, settings, secretBox: sealSecrets(ctx, secrets), version: row.version + 1, nextDueAt: ctx.now() }
    await changeSource(inside.tx, id, { ...changes, ...(patch.settings && { lastError: null, lastErrorAt: null, note: null }) })
    return { value: await getSource(inside, id), events: [{ resource: { type: 'ingest_source', id }, data }] }
  })
}

/** Secrets that no longer open have to be given again; until then there are none. */
function allStored(ctx: Context, row: SourceRow): Settings {
  try {
    return { ...row.settings, ...storedSecrets(ctx, row) }
  } catch {
    return { ...row.settings }
  }
}

function changedSettings(ctx: Context, source: AnySource, before: Settings, patch: Settings): Settings {
  const given = givenByEnvironment(ctx, source)
  const issues: Issue[] = Object.keys(patch).flatMap((key) => {
    const path = `settings.${key}`
    if (!Object.hasOwn(source.settings.shape, key)) return [{ path, message: 'this source has no such setting' }]
    return key in given ? [{ path, message: `set by ${source.environment[key]!.name}, which wins` }] : []
  })
  const merged = Object.fromEntries(Object.entries({ ...before, ...patch }).filter(([, value]) => value !== null))
  const parsed = source.settings.safeParse(merged)
  if (!parsed.success)
    issues.push(...parsed.error.issues.map(({ path, message }) => ({ path: ['settings', ...path].join('.'), message })))
  issues.push(...secretGoneElsewhere(source, { before, given }, patch))
  if (issues.length > 0) throw new ServiceError('VALIDATION', 'The input is not as it should be', { issues })
  return parsed.data as Settings
}

interface Standing {
  before: Settings
  given: Settings
}

/** A secret must not follow an address that somebody turned elsewhere: who sets a new address knows the secret. */
function secretGoneElsewhere({ secretGoesTo, environment }: AnySource, { before, given }: Standing, patch: Settings): Issue[] {
  if (!secretGoesTo) return []
  const { secret, address } = secretGoesTo
  const isTurned = typeof patch[address] === 'string' && patch[address] !== before[address]
  if (!isTurned || address in given) return []
  if (secret in given)
    return [{ path: `settings.${address}`, message: `${environment[secret]!.name} is set: set this there too` }]
  if (before[secret] === undefined || patch[secret] !== undefined) return []
  return [{ path: `settings.${secret}`, message: 'give it again: it is sent to another address now' }]
}

const pick = (settings: Settings, { secrets }: AnySource, isSecret: boolean): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([key]) => secrets.includes(key) === isSecret))

/** Before and after; of secrets only that they changed. */
function toldChanges(source: AnySource, before: Settings, after: Settings) {
  const same = (key: string) => JSON.stringify(before[key]) === JSON.stringify(after[key])
  const changed = Object.keys({ ...before, ...after }).filter((key) => key !== 'paused' && !same(key))
  const open = (settings: Settings) =>
    JSON.stringify(Object.fromEntries(changed.flatMap((key) => (source.secrets.includes(key) ? [] : [[key, settings[key]]]))))
  const told = (settings: Settings) => ({ paused: settings.paused as boolean, settings: open(settings) })
  const fields = ['paused', 'settings'] as const
  return { ...changesOf(told(before), told(after), fields), ...(changed.length > 0 && { changed: changed.sort().join(' ') }) }
}
