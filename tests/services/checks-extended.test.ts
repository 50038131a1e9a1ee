import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eq } from 'drizzle-orm'
import { auditDomains, auditEvents, extendedChecks, extendedTransitions, liveEvents } from '#drizzle/schema/sqlite'
import { transaction } from '#drizzle/transaction'
import { checkSettings, history, requestRun, scorecard, stopChecks, tick, updateCheckSettings } from '#server/services/checks'
import type { ExtendedOutcome } from '#server/services/checks/extended/engine'
import { ExtendedRound, runExtendedFor } from '#server/services/checks/extended/round'
import { claimExtended, claimExtendedDue } from '#server/services/checks/extended/store/claims'
import { storeExtended } from '#server/services/checks/extended/store/verdicts'
import type { Looking } from '#server/services/checks/look'
import { machineOf } from '#server/services/checks/machine'
import { CLAIM_MS } from '#server/services/checks/store/claims'
import { pruneStep } from '#server/services/checks/store/history'
import { NO_ZONE } from '#server/platform/dns/zone-look'
import type { DnsClient, DnsOutcome, RecordType } from '#server/platform/dns/types'
import { Scorecard } from '#shared/schemas/checks'
import { History } from '#shared/schemas/history'
import { CheckSettings, CheckSettingsPatch, type ExtendedStatus } from '#shared/schemas/extended'
import { toldIn } from '../helpers/audit'
import { answerOf } from '../helpers/check-facts'
import { addDomains, addTenant, lookingAt } from '../helpers/checks'
import { testContext, TEST_NOW, type TestContext } from '../helpers/context'

const [MINUTE, HOUR] = [60_000, 3_600_000]
const NAME = '_smtp._tls.acme.example'
const OTHERS_OFF = { mta_sts: false, dane: false, dnssec: false, caa: false, delegation: false, bimi: false } as const
const HOSTS_OFF = { fcrdns: false, smtp_tls: false, client_ports: false, autoconfig: false, web_headers: false } as const

let ctx: TestContext
let asked: string[]
let record: string[] | DnsOutcome
beforeEach(async () => {
  ;[asked, record] = [[], 'nxdomain']
  const query: DnsClient['query'] = (name: string, type: RecordType) => {
    asked.push(name)
    return Promise.resolve(answerOf(name, type, name === NAME ? record : name === '.' ? ['a.root-servers.net'] : 'nxdomain'))
  }
  const dns: DnsClient = { query, zone: () => Promise.resolve(NO_ZONE), fresh: () => dns }
  ctx = testContext({ dns })
  await addDomains(ctx, await addTenant(ctx, 'acme'), ['acme.example'])
  // One check tells all that is to be told about the frame.
  await updateCheckSettings(ctx, { extended: { ...OTHERS_OFF, ...HOSTS_OFF } })
})
afterEach(async () => {
  await stopChecks(ctx)
  await ctx.close()
})

const looking: Looking = {
  ...lookingAt(() => 'PPPPPPPP'),
  extended: { round: (own, targets) => new ExtendedRound(own, targets), runFor: runExtendedFor },
}
const domain = async () => (await ctx.db.select().from(auditDomains))[0]!
const row = async () => (await ctx.db.select().from(extendedChecks))[0]
const looks = () => asked.filter((name) => name === NAME).length

describe('extended checks in a tick', () => {
  it('come after the eight, and again when their own interval is over', async () => {
    await tick(ctx, looking)
    expect(looks()).toBe(1)
    expect(await row()).toMatchObject({ checkId: 'tls_rpt', status: 'info', reason: 'absent', checkedAt: TEST_NOW })
    const { extendedDueAt, lastAuditAt } = await domain()
    expect(lastAuditAt).toBe(TEST_NOW)
    expect(extendedDueAt).toBeGreaterThan(TEST_NOW)
    expect(extendedDueAt).toBeLessThanOrEqual(TEST_NOW + HOUR)
    ctx.setNow(extendedDueAt - 1)
    await tick(ctx, looking)
    expect(looks()).toBe(1)
    ctx.setNow(extendedDueAt)
    await tick(ctx, looking)
    expect(looks()).toBe(2)
  })

  it('leave the eight and the score alone', async () => {
    record = ['v=TLSRPTv1;']
    await tick(ctx, looking)
    expect(await row()).toMatchObject({ status: 'warn' })
    expect(await domain()).toMatchObject({ score: 8, max: 8, status: 'healthy', cells: 'PPPPPPPP' })
  })

  it('wait while the monitor itself is in trouble', async () => {
    await tick(ctx, looking)
    const report = { canaryFailed: true, seen: 0, answered: 0, lost: 0 }
    machineOf(ctx).monitor.look = () => Promise.resolve({ cycle: 1, ...report })
    ctx.setNow(TEST_NOW + 2 * HOUR)
    await tick(ctx, looking)
    expect(looks()).toBe(1)
  })

  it('are all made anew when the domain was edited', async () => {
    await tick(ctx, looking)
    await transaction(ctx, async ({ tx }) => void (await tx.update(auditDomains).set({ extendedDueAt: 0 })))
    await tick(ctx, looking)
    expect(looks()).toBe(2)
  })

  it('are looked at sooner than their interval says only when a person asks', async () => {
    await tick(ctx, looking)
    ctx.setNow(TEST_NOW + 5)
    const { runId } = await requestRun(ctx, { idOrSlug: 'acme' }, looking)
    await machineOf(ctx).runs.get(runId)
    expect(looks()).toBe(2)
    expect(await row()).toMatchObject({ checkedAt: TEST_NOW + 5 })
  })
})

describe('storing extended verdicts', () => {
  const outcome = (status: ExtendedStatus, more: Partial<ExtendedOutcome> = {}): ExtendedOutcome => ({
    ...{ checkId: 'tls_rpt', status, reason: status, params: {}, latencyMs: 3 },
    ...{ evidence: { lookups: [], connections: [], found: { seen: status } }, ...more },
  })
  beforeEach(() => tick(ctx, { ...looking, extended: undefined }))
  const look = async (...outcomes: ExtendedOutcome[]) =>
    storeExtended(ctx, (await claimExtended(ctx, 'd_acme.example'))!, outcomes, ['tls_rpt'])
  const changed = () => ctx.db.select().from(auditEvents).where(eq(auditEvents.action, 'check.changed'))
  const told = async () => (await ctx.db.select().from(liveEvents)).filter(({ type }) => type === 'extended')

  it('writes history, a live event and an audit event when something changed, and nothing otherwise', async () => {
    await look(outcome('pass'))
    await look(outcome('pass'))
    expect(await ctx.db.select().from(extendedTransitions)).toHaveLength(1)
    expect((await told()).map(({ data }) => JSON.parse(data))).toEqual([{ tenant: 'acme', domain: 'acme.example' }])
    expect(await changed()).toHaveLength(0)
    await look(outcome('fail'))
    expect(await told()).toHaveLength(2)
    expect((await changed()).map((event) => toldIn(event.content))).toEqual([
      { checkId: 'tls_rpt', domain: 'acme.example', from: 'pass', reason: 'fail', to: 'fail' },
    ])
  })

  it('is the history of the check, which is kept as long as that of the eight: the latest change for good', async () => {
    await look(outcome('pass'))
    ctx.setNow(TEST_NOW + HOUR)
    await look(outcome('info'))
    const told = async () => {
      const { changes } = History.parse(await history(ctx, { idOrSlug: 'acme', check: 'tls_rpt', limit: 50 }))
      return changes.map(({ checkId, before, after }) => [checkId, before?.status, after.status])
    }
    expect(await told()).toEqual([
      ['tls_rpt', 'pass', 'info'],
      ['tls_rpt', undefined, 'pass'],
    ])
    expect(await pruneStep(ctx, TEST_NOW)).toBe(0)
    expect(await pruneStep(ctx, TEST_NOW + 2 * HOUR)).toBe(1)
    expect(await told()).toEqual([['tls_rpt', undefined, 'info']])
  })

  it('keeps the last known verdict through unknowns, and looks again within the hour', async () => {
    await look(outcome('info'))
    ctx.setNow(TEST_NOW + MINUTE)
    await look(outcome('unknown'))
    expect(await row()).toMatchObject({ status: 'unknown', lastKnownStatus: 'info', lastKnownAt: TEST_NOW })
    expect((await row())!.nextDueAt).toBeLessThanOrEqual(TEST_NOW + MINUTE + HOUR)
    expect(await changed()).toHaveLength(0)
  })

  it('keeps what a check remembers until it says otherwise', async () => {
    await look(outcome('pass', { memory: { id: '1' } }))
    await look(outcome('unknown'))
    expect((await row())!.memory).toEqual({ id: '1' })
    await look(outcome('pass', { memory: { id: '2' } }))
    expect((await row())!.memory).toEqual({ id: '2' })
  })

  it('writes nothing for who lost the claim, nor about a domain that was edited meanwhile', async () => {
    const old = (await claimExtended(ctx, 'd_acme.example'))!
    ctx.setNow(TEST_NOW + CLAIM_MS)
    const held = (await claimExtended(ctx, 'd_acme.example'))!
    expect(await storeExtended(ctx, old, [outcome('fail')], ['tls_rpt'])).toBe('lost')
    await transaction(ctx, async ({ tx }) => void (await tx.update(auditDomains).set({ version: 7 })))
    expect(await storeExtended(ctx, held, [outcome('fail')], ['tls_rpt'])).toBe('edited')
    expect(await row()).toBeUndefined()
    expect(await domain()).toMatchObject({ extendedDueAt: 0, extendedClaimToken: null })
  })

  it('claims a domain for one at a time, and is not stuck after the clock was set back', async () => {
    expect(await claimExtendedDue(ctx, 10)).toHaveLength(1)
    expect(await claimExtended(ctx, 'd_acme.example')).toBeNull()
    ctx.setNow(TEST_NOW - 30 * 24 * HOUR)
    expect(await claimExtendedDue(ctx, 10)).toHaveLength(1)
  })
})

describe('the scorecard', () => {
  it('shows the extended verdicts that are on, told in words', async () => {
    await tick(ctx, looking)
    const card = Scorecard.parse(await scorecard(ctx, { idOrSlug: 'acme' }))
    expect(card.extended).toMatchObject([{ checkId: 'tls_rpt', status: 'info', rule: 'RFC 8460 §3' }])
    expect(card.extended[0]!.fix?.record?.name).toBe(NAME)
    await updateCheckSettings(ctx, { extended: { tls_rpt: false } })
    expect((await scorecard(ctx, { idOrSlug: 'acme' })).extended).toEqual([])
  })
})

describe('the settings of the checks', () => {
  const events = () => ctx.db.select().from(auditEvents).where(eq(auditEvents.action, 'check_settings.updated'))

  it('tell every check with its rule; those that ask third parties are off until somebody switches them on', async () => {
    const { extended } = CheckSettings.parse(await checkSettings(ctx))
    for (const check of extended) if (check.thirdParty !== null) expect(check.on).toBe(false)
    expect(extended.find(({ id }) => id === 'tls_rpt')).toMatchObject({ on: true, intervalSec: 3_600, thirdParty: null })
  })

  it('write one audit event for what was switched, none for what was not', async () => {
    const before = (await events()).length
    await updateCheckSettings(ctx, { extended: { tls_rpt: true } })
    expect(await events()).toHaveLength(before)
    await updateCheckSettings(ctx, { extended: { tls_rpt: false } })
    const written = (await events()).map((event) => toldIn(event.content))
    expect(written.at(-1)).toEqual({ switchedOff: 'tls_rpt' })
  })

  it('make what is switched on due at once, and leave fresh verdicts alone', async () => {
    await updateCheckSettings(ctx, { extended: { tls_rpt: false } })
    await tick(ctx, looking)
    expect(looks()).toBe(0)
    await updateCheckSettings(ctx, { extended: { tls_rpt: true } })
    await tick(ctx, looking)
    expect(looks()).toBe(1)
    await updateCheckSettings(ctx, { extended: { tls_rpt: false } })
    await updateCheckSettings(ctx, { extended: { tls_rpt: true } })
    await tick(ctx, looking)
    expect(looks()).toBe(1)
  })

  it('hold the block lists, and tell in the audit log what they became', async () => {
    expect((await checkSettings(ctx)).blockLists).toContain('zen.spamhaus.org')
    const patch = CheckSettingsPatch.parse({ blockLists: ['BL.example.org'] })
    expect((await updateCheckSettings(ctx, patch)).blockLists).toEqual(['bl.example.org'])
    const before = (await events()).length
    await updateCheckSettings(ctx, patch)
    await updateCheckSettings(ctx, { extended: { tls_rpt: false } })
    expect((await checkSettings(ctx)).blockLists).toEqual(['bl.example.org'])
    const written = (await events()).map((event) => toldIn(event.content))
    expect(written.slice(before - 1)).toEqual([{ blockLists: 'bl.example.org' }, { switchedOff: 'tls_rpt' }])
  })

  it.each(['zen', 'https://zen.example/', '192.0.2.1', ''])('refuse %j as a block list', (zone) => {
    expect(CheckSettingsPatch.safeParse({ blockLists: [zone] }).success).toBe(false)
  })

  it('refuse who has not seen the latest change, and who sees some tenants only', async () => {
    const { version } = await checkSettings(ctx)
    await expect(updateCheckSettings(ctx, { extended: { caa: false }, version: version - 1 })).rejects.toMatchObject({
      token: 'STALE_VERSION',
    })
    const narrow = ctx.as({ scope: ['t_acme'] })
    await expect(updateCheckSettings(narrow, { extended: { tls_rpt: false } })).rejects.toMatchObject({ token: 'FORBIDDEN' })
  })
})
