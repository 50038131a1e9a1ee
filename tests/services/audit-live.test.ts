import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { liveEventsAfter } from '#server/platform/live-store'
import { sequence } from '#server/services/audit/sequence'
import { LiveAudit } from '#shared/schemas/live'
import { appendEvents } from '../helpers/audit-log'
import { testContext, type TestContext } from '../helpers/context'

let ctx: TestContext
beforeEach(() => (ctx = testContext()))
afterEach(() => ctx.close())

const told = async (scope: TestContext['scope'], after = 0) =>
  (await liveEventsAfter(ctx.db, after, scope, 100)).map(({ type, data }) => [type, LiveAudit.parse(JSON.parse(data))] as const)

describe('the live stream of the audit log', () => {
  it('tells of events once they have their place, newest first, and nothing of a person', async () => {
    await appendEvents(ctx, 3)
    expect(await told('all')).toEqual([])
    await sequence(ctx)
    const [[type, audit]] = (await told('all')) as [readonly [string, LiveAudit]]
    expect([type, audit.count, audit.events.map(({ seq }) => seq)]).toEqual(['audit', 3, [3, 2, 1]])
    expect(audit.events[0]).toMatchObject({ action: 'domain.added', category: 'mail', outcome: 'success', tenantId: 't_1' })
    expect(JSON.stringify(audit)).not.toMatch(/anna|Lima|192\.0\.2\.7/)
  })

  it('is one row for many, kept for whoever comes back, and for those alone who see everything', async () => {
    await appendEvents(ctx, 300)
    await sequence(ctx)
    expect((await told('all')).map(([, { count, events }]) => [count, events.length])).toEqual([
      [256, 20],
      [44, 20],
    ])
    expect(await told('all', 1)).toHaveLength(1)
    expect(await told(['t_1'])).toEqual([])
  })
})
