import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createDnsClient } from '#server/platform/dns/client'
import { createHttpClient } from '#server/platform/http/http-client'
import { createTlsClient } from '#server/platform/http/tls-client'
import { createMailClient } from '#server/platform/mail/mail-client'
import { createRunWorld, mend, runChecks } from '#server/services/checks'
import type { CheckTarget } from '#server/services/checks/collectors/contract'
import type { CheckOutcome } from '#server/services/checks/engine'
import { RECORD_KINDS } from '#server/services/checks/records'
import type { PlannedSet, Verdicts } from '#server/services/checks/records/contract'
import { zoneFile } from '#server/services/checks/records/zone-file'
import { claimDomain } from '#server/services/checks/store/claims'
import { storeVerdicts } from '#server/services/checks/store/verdicts'
import type { CheckId } from '#shared/schemas/checks'
import { Mend } from '#shared/schemas/mend'
import { expectedMailHost } from '../../scripts/check/target'
import { startWorld, type World, type WorldDomain } from '../../world'
import { addDomains, addTenant, outcomesOf } from '../helpers/checks'
import { testContext, type TestContext } from '../helpers/context'
import { readZoneFile } from '../helpers/zone-file'

const MAIL_CHECKS: CheckId[] = ['dns_mx', 'dns_spf', 'dns_dkim', 'dns_dmarc']

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

function targetOf({ body, mailHost }: WorldDomain): CheckTarget {
  const input = world.mailHosts().find((host) => host.name === mailHost)!
  const webmailHost = body.webmailHost ?? `mail.${body.domain}`
  return { ...body, mailHost: expectedMailHost(input, input.name), webmailHost }
}

function look(target: CheckTarget, only: readonly CheckId[]): Promise<CheckOutcome[]> {
  const options = { allowNets: world.allowNets, extraCa: [world.caPem] }
  const dns = createDnsClient({ servers: world.resolvers, now: Date.now })
  const clients = {
    http: createHttpClient(options),
    tls: createTlsClient(options),
    mail: createMailClient({ ...options, helo: 'vigia.example' }),
  }
  const rest = { now: Date.now, random: Math.random, lagMs: () => 0, canary: { name: '.', type: 'NS' as const } }
  return runChecks(createRunWorld({ dns, config: { allowNets: world.allowNets }, ...clients, ...rest }), target, { only })
}

const verdictsOf = (outcomes: CheckOutcome[]): Verdicts => Object.fromEntries(outcomes.map((one) => [one.checkId, one]))
const plan = (target: CheckTarget, verdicts: Verdicts) =>
  Object.values(RECORD_KINDS).flatMap((kind) => kind.plan(target, verdicts))

/** Does what an operator does with the file: the sets in it take the place of the ones of the same name and type. */
function publish(file: string, planned: PlannedSet[]) {
  for (const { name, type } of planned) if (type !== 'CNAME') world.zones.set(name, 'CNAME', [])
  const lines = readZoneFile(file)
  for (const { name, type, wanted } of planned) {
    if (wanted.length === 0) continue
    const values = lines.filter((line) => line.name === name && line.type === type).map((line) => line.value)
    world.zones.set(name, type, values)
  }
}

/** Nothing of these is this zone's to mend: the registry, the key that signs, the mail host's own names, the includes of others. */
const NOT_MENDED = /^(nxdomain$|no-selector$|short-key$|weak-key$|cname-target$|near-limit$)/

describe('what the world should publish', () => {
  it('once published as the zone file has it, mends every mail record of every domain that has a mail host', async () => {
    const answers = ({ status, reason }: { status: string; reason: string }) => status !== 'unknown' && reason !== 'zone-broken'
    const domains = world.domains().filter(({ mailHost, expect }) => mailHost !== null && answers(expect.dns_mx))
    const left: string[] = []
    const queue = [...domains]
    const lane = async () => {
      for (let domain = queue.shift(); domain; domain = queue.shift()) {
        const target = targetOf(domain)
        const planned = plan(target, verdictsOf(await look(target, MAIL_CHECKS)))
        publish(zoneFile(target.domain, planned, []), planned)
        for (const { checkId, status, reason } of await look(target, MAIL_CHECKS))
          if (status !== 'pass' && !NOT_MENDED.test(reason)) left.push(`${target.domain} ${checkId} ${reason}`)
      }
    }
    await Promise.all(Array.from({ length: 6 }, lane))
    expect(domains.length).toBeGreaterThan(40)
    expect(left).toEqual([])
  }, 120_000)
})

describe('the mend of a stored domain', () => {
  let ctx: TestContext
  beforeEach(async () => {
    ctx = testContext()
    await addDomains(ctx, await addTenant(ctx, 'acme'), ['a.example'], { dkim: [{ selector: 's1' }] })
    await addTenant(ctx, 'other')
  })
  afterEach(() => ctx.close())
  const store = async (outcomes: CheckOutcome[]) => storeVerdicts(ctx, (await claimDomain(ctx, 'd_a.example'))!, outcomes)
  const outcomesWith = (checkId: CheckId, changes: Partial<CheckOutcome>) =>
    outcomesOf('PPPPPPPP').map((outcome) => (outcome.checkId === checkId ? { ...outcome, ...changes } : outcome))

  it('tells of each record what is, what should be, why, and when it will show', async () => {
    const lookup = { name: '_dmarc.a.example', type: 'TXT', outcome: 'answer', ttl: 300 }
    const evidence = {
      lookups: [{ ...lookup, values: [], cnames: [], servers: [], notes: [] }],
      connections: [],
      found: { records: { '_dmarc.a.example': ['v=DMARC1; p=none; rua=mailto:r@a.example'] } },
    }
    await store(outcomesWith('dns_dmarc', { status: 'warn', reason: 'monitor-only', evidence }))
    const answer = Mend.parse(await mend(ctx, { idOrSlug: 'acme', domain: 'A.example' }))
    expect(answer.records.find(({ kind }) => kind === 'dmarc')).toMatchObject({
      ...{ name: '_dmarc.a.example', type: 'TXT', state: 'change', visibleAfterSec: 300 },
      found: ['v=DMARC1; p=none; rua=mailto:r@a.example'],
      wanted: ['v=DMARC1; p=quarantine; rua=mailto:r@a.example'],
      why: expect.stringContaining('The policy is none'),
    })
    expect(answer.zoneFile).toContain('_dmarc IN TXT "v=DMARC1; p=quarantine; rua=mailto:r@a.example"')
    expect(answer.records.find(({ kind }) => kind === 'dkim')).toMatchObject({
      wanted: [],
      note: expect.stringContaining('mail host'),
    })
  })

  it('says what no record mends under the host', async () => {
    const params = { domain: 'a.example', state: 'suspended' }
    await store(outcomesWith('carbonio', { status: 'fail', reason: 'domain-suspended', params }))
    const { host, records } = await mend(ctx, { idOrSlug: 'acme' })
    expect(host).toMatchObject([
      { checkId: 'carbonio', status: 'fail', steps: [expect.stringContaining('modifyDomain a.example')] },
    ])
    expect(records.filter(({ kind }) => kind === 'mx')).toEqual([])
  })

  it('calls unknown what could not be seen, and what was never looked at', async () => {
    const before = await mend(ctx, { idOrSlug: 'acme' })
    expect(before).toMatchObject({ asOf: null, host: [] })
    expect(new Set(before.records.map(({ state }) => state))).toEqual(new Set(['unknown']))
    await store(outcomesWith('dns_spf', { status: 'unknown', reason: 'dns-servfail' }))
    const after = await mend(ctx, { idOrSlug: 'acme' })
    expect(after.records.find(({ kind }) => kind === 'spf')).toMatchObject({ state: 'unknown', found: [] })
  })

  it('is not found for what is not there or not seen', async () => {
    for (const [caller, input] of [
      [ctx, { idOrSlug: 'nobody' }],
      [ctx, { idOrSlug: 'acme', domain: 'b.example' }],
      [ctx.as({ scope: ['t_other'] }), { idOrSlug: 't_acme', domain: 'a.example' }],
    ] as const)
      await expect(mend(caller, input)).rejects.toMatchObject({ token: 'NOT_FOUND' })
  })
})
