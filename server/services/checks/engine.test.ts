import { describe, expect, it } from 'vitest'
import { NO_ZONE } from '#server/platform/dns/zone-look'
import type { DnsAnswer, DnsOutcome } from '#server/platform/dns/types'
import { CHECK_IDS, type CheckId } from '#shared/schemas/checks'
import { answerOf, MAIL_HOST, NOW, targetOf } from '../../../tests/helpers/check-facts'
import { runChecks } from './engine'
import { createRunWorld, type RunWorld } from './run-world'

const noConnections = () => Promise.reject(new Error('no connection is expected'))
const alone = targetOf({ mailHost: null, webmailHost: null, dkim: [{ selector: 's1' }] })
const DNS_CHECKS: CheckId[] = ['dns_mx', 'dns_spf', 'dns_dkim', 'dns_dmarc']

/** A world whose DNS does as told for some names, and says NXDOMAIN for the rest. */
function worldOf(tell: (name: string) => Promise<DnsAnswer> | DnsOutcome, lagMs = () => 0): RunWorld {
  const dns: RunWorld['dns'] = {
    query: async (name, type) => {
      const told = tell(name)
      return typeof told === 'string' ? answerOf(name, type, told) : told
    },
    zone: () => Promise.resolve(NO_ZONE),
    fresh: () => dns,
  }
  const [http, tls, mail] = [
    { request: noConnections, visit: () => ({ handshake: noConnections, get: noConnections, close: async () => {} }) },
    { handshake: noConnections },
    { look: noConnections },
  ]
  return createRunWorld({
    config: { allowNets: [] },
    dns,
    http,
    tls,
    mail,
    now: () => NOW,
    random: () => 0.5,
    lagMs,
    canary: { name: '.', type: 'NS' },
  })
}
const stuck = new Promise<never>(() => {})
const never = (part: string) => (name: string) => (name.includes(part) ? stuck : 'nxdomain')

describe('running the checks of a domain', () => {
  it('gives all eight in their order, and skips what needs a mail host', async () => {
    const outcomes = await runChecks(
      worldOf(() => 'nxdomain'),
      alone,
    )
    expect(outcomes.map((outcome) => outcome.checkId)).toEqual([...CHECK_IDS])
    expect(outcomes.filter(({ status }) => status === 'skipped').map(({ reason }) => reason)).toEqual(
      Array(4).fill('no-mail-host'),
    )
    expect(outcomes.filter(({ status }) => status === 'fail').map(({ checkId }) => checkId)).toEqual(DNS_CHECKS)
  })

  it('cuts off a stuck check, and the others stand', async () => {
    const outcomes = await runChecks(worldOf(never('_domainkey')), alone, { budgetMs: 30 })
    expect(outcomes.find(({ checkId }) => checkId === 'dns_dkim')).toMatchObject({ status: 'unknown', reason: 'budget' })
    expect(outcomes.filter(({ status }) => status === 'fail')).toHaveLength(3)
  })

  it('tells each result as it is there, before the stuck one', async () => {
    const told: CheckId[] = []
    await runChecks(worldOf(never('_domainkey')), alone, { budgetMs: 30, onResult: ({ checkId }) => told.push(checkId) })
    expect(told).toHaveLength(8)
    expect(told.at(-1)).toBe('dns_dkim')
  })

  it('takes a fault of its own for unknown, tells the log, and the others stand', async () => {
    const faults: CheckId[] = []
    const broken = worldOf((name) => (name.startsWith('_dmarc.') ? Promise.reject(new Error('a bug')) : 'nxdomain'))
    const outcomes = await runChecks(broken, alone, { onFault: (checkId) => faults.push(checkId) })
    expect(outcomes.find(({ checkId }) => checkId === 'dns_dmarc')).toMatchObject({ status: 'unknown', reason: 'internal-fault' })
    expect(JSON.stringify(outcomes)).not.toContain('a bug')
    expect(faults).toEqual(['dns_dmarc'])
  })

  it('stops when the run is stopped, before or in the middle', async () => {
    const early = await runChecks(
      worldOf(() => stuck),
      alone,
      { signal: AbortSignal.abort() },
    )
    const later = new AbortController()
    const running = runChecks(
      worldOf(() => stuck),
      alone,
      { signal: later.signal },
    )
    later.abort()
    for (const outcomes of [early, await running])
      expect(outcomes.filter(({ reason }) => reason === 'budget').map(({ checkId }) => checkId)).toEqual(DNS_CHECKS)
  })

  it('runs only the checks that are asked for', async () => {
    const outcomes = await runChecks(
      worldOf(() => 'nxdomain'),
      alone,
      { only: ['dns_spf'] },
    )
    expect(outcomes.map(({ checkId }) => checkId)).toEqual(['dns_spf'])
  })
})

describe('a look that domains share', () => {
  it('is made once, and once more when it threw', async () => {
    const world = worldOf(() => 'nxdomain')
    let looks = 0
    const look = () => Promise.resolve(++looks)
    expect(await Promise.all([world.shared('host', look), world.shared('host', look)])).toEqual([1, 1])
    await expect(world.shared('bad', () => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug')
    expect(await world.shared('bad', look)).toBe(2)
  })

  it('asks the canary once', async () => {
    let asked = 0
    const world = worldOf(() => ((asked += 1), 'servfail'))
    expect([await world.canaryOk(), await world.canaryOk()]).toEqual([false, false])
    expect(asked).toBe(1)
  })

  it('blames nobody for silence while this process is held up, whatever the canary says', async () => {
    let lag = 1_001
    const world = worldOf(
      () => 'answer',
      () => lag,
    )
    expect(await world.canaryOk()).toBe(false)
    lag = 1_000
    expect(await world.canaryOk()).toBe(true)
  })

  it('does not blame a mail host later for a silence in which this process was held up', async () => {
    let lag = 5_000
    const world = worldOf(
      (name) => (name === '.' ? 'answer' : 'nxdomain'),
      () => lag,
    )
    const request: RunWorld['http']['request'] = ({ address }) =>
      Promise.resolve({ ok: false, fault: 'timeout', address, latencyMs: 5_000 })
    const mailHost = { ...MAIL_HOST, healthUrl: 'https://192.0.2.80/health', adminUrl: null }
    const look = async () =>
      runChecks({ ...world, http: { ...world.http, request } }, targetOf({ mailHost }), { only: ['carbonio'] })
    const first = await look()
    lag = 0
    for (const [outcome] of [first, await look()]) expect(outcome).toMatchObject({ status: 'unknown', reason: 'monitor-fault' })
    const [other] = await runChecks(
      { ...world, http: { ...world.http, request } },
      targetOf({ mailHost: { ...mailHost, id: 'other' } }),
      {
        only: ['carbonio'],
      },
    )
    expect(other).toMatchObject({ status: 'fail', reason: 'host-unreachable' })
  })
})
