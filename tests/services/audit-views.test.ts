import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '#server/platform/context'
import { listViews, removeView, saveView } from '#server/services/audit'
import { recordedActions } from '../helpers/audit'
import { testContext, type TestContext } from '../helpers/context'

const BRUNO: Actor = { type: 'user', id: 'u_bruno', role: 'master' }

let ctx: TestContext
beforeEach(() => (ctx = testContext()))
afterEach(() => ctx.close())

describe('a saved view', () => {
  it('is for whoever saved it, audited, and stored sealed', async () => {
    const view = await saveView(ctx, { name: 'Carla’s failures', filter: { actor: 'carla@example.org', outcome: 'failure' } })
    expect(await listViews(ctx)).toEqual([view])
    expect(view.filter).toEqual({ actor: 'carla@example.org', outcome: 'failure' })
    expect(await listViews(ctx.as({ actor: BRUNO }))).toEqual([])
    expect(JSON.stringify(ctx.database.raw.prepare('select * from timeline_views').all())).not.toContain('carla@')
    await expect(removeView(ctx.as({ actor: BRUNO }), view.id)).rejects.toMatchObject({ token: 'NOT_FOUND' })
    await removeView(ctx, view.id)
    expect(await listViews(ctx)).toEqual([])
    expect(await recordedActions(ctx)).toEqual(['audit.view_saved', 'audit.view_removed'])
  })

  it('has a name of its own, and there are a hundred at most', async () => {
    await saveView(ctx, { name: 'v', filter: {} })
    await expect(saveView(ctx, { name: 'v', filter: {} })).rejects.toMatchObject({ token: 'CONFLICT' })
    await saveView(ctx.as({ actor: BRUNO }), { name: 'v', filter: {} })
    for (let n = 1; n < 100; n++) await saveView(ctx, { name: `v${n}`, filter: {} })
    await expect(saveView(ctx, { name: 'one more', filter: {} })).rejects.toMatchObject({ token: 'CONFLICT' })
  })
})
