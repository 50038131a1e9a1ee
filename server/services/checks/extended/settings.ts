import type { Context } from '#server/platform/context'
import { mutate } from '#server/services/audit'
import { ServiceError } from '#shared/errors'
import { type CheckSettings, type CheckSettingsPatch, EXTENDED_IDS, type ExtendedId } from '#shared/schemas/extended'
import { extendedCheck } from '.'
import { planAnew, readChoices, type StoredChoices, writeChoices } from './store/settings'

/** The extended checks that are on, in the fixed order. */
export async function enabledChecks(ctx: Context): Promise<ExtendedId[]> {
  const { choices } = await readChoices(ctx.db)
  return EXTENDED_IDS.filter((id) => isOn(id, choices))
}

/** The zones of the block lists that are asked. */
export async function chosenBlockLists(ctx: Context): Promise<readonly string[]> {
  return listsOf(await readChoices(ctx.db))
}

/** Every extended check with what it does, at what pace, and whether it is on. */
export async function checkSettings(ctx: Context): Promise<CheckSettings> {
  return told(await readChoices(ctx.db))
}

/**
 * Switches extended checks on and off. What is switched on is looked at soon; the verdicts of what is switched off stay, unseen.
 * @throws ServiceError STALE_VERSION with the settings as they stand, FORBIDDEN for a caller who sees some tenants only
 */
export async function updateCheckSettings(ctx: Context, patch: CheckSettingsPatch): Promise<CheckSettings> {
  if (ctx.scope !== 'all') throw new ServiceError('FORBIDDEN', 'This concerns all tenants, and you see only some of them')
  return mutate(ctx, 'check_settings.updated', async (inside) => {
    const stored = await readChoices(inside.tx)
    if (patch.version !== undefined && patch.version !== stored.version)
      throw new ServiceError('STALE_VERSION', 'Somebody changed this meanwhile', { details: { current: told(stored) } })
    const choices = { ...stored.choices, ...patch.extended }
    const blockLists = patch.blockLists ?? stored.blockLists
    const turned = (on: boolean) => EXTENDED_IDS.filter((id) => isOn(id, choices) === on && isOn(id, stored.choices) !== on)
    const [on, off] = [turned(true), turned(false)]
    const sameLists = String(listsOf(stored)) === String(listsOf({ blockLists }))
    if (on.length + off.length === 0 && sameLists) return { value: told(stored), events: [] }
    await writeChoices(inside.tx, { ...stored, choices, blockLists }, ctx.now())
    if (on.length > 0) await planAnew(inside.tx, ctx.now())
    const lists = sameLists ? {} : { blockLists: listsOf({ blockLists }).join(' ') }
    const data = { switchedOn: on.join(' ') || null, switchedOff: off.join(' ') || null, ...lists }
    const event = { resource: { type: 'settings', id: 'checks' }, data }
    return { value: told({ choices, blockLists, version: stored.version + 1 }), events: [event] }
  })
}

/** Free for small users, and with addresses of their own for errors; each has its terms. */
const DEFAULT_BLOCK_LISTS = ['zen.spamhaus.org', 'bl.spamcop.net', 'psbl.surriel.com']

const listsOf = ({ blockLists }: Pick<StoredChoices, 'blockLists'>) => [...(blockLists ?? DEFAULT_BLOCK_LISTS)]

function isOn(id: ExtendedId, choices: StoredChoices['choices']): boolean {
  return choices[id] ?? extendedCheck(id).thirdParty === null
}

function told({ choices, blockLists, version }: StoredChoices): CheckSettings {
  const extended = EXTENDED_IDS.map((id) => {
    const { about, intervalSec, subject, thirdParty } = extendedCheck(id)
    return { id, about, intervalSec, subject, thirdParty, on: isOn(id, choices) }
  })
  return { extended, blockLists: listsOf({ blockLists }), version }
}
