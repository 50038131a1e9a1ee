import { spf } from 'mailauth/lib/spf/index.js'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { promises as dns } from 'node:dns'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { domainToASCII } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHECK_IDS } from '#shared/schemas/checks'
import { DomainInput, MailHostInput, PartnerInput, TenantInput } from '#shared/schemas/tenants'
import { startWorld, type World } from './index'
import { PARTNERS, TENANTS, mailHost } from './provider'
import { STORIES } from './stories'
import { expectedVerdicts } from './story'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

function resolver() {
  const client = new dns.Resolver({ timeout: 1000, tries: 2 })
  client.setServers([world.resolvers[0]])
  return client
}

describe('the table of stories', () => {
  it('has enough of everything, and no domain twice', () => {
    expect(STORIES.length).toBeGreaterThanOrEqual(28)
    expect(new Set(STORIES.map((story) => story.domain)).size).toBe(STORIES.length)
    expect(new Set(STORIES.map((story) => story.tenant)).size).toBe(TENANTS.length)
    expect(PARTNERS.length).toBeGreaterThanOrEqual(2)
  })

  it.each(STORIES.map((story) => [story.domain, story] as const))('%s has its eight verdicts', (_, story) => {
    const verdicts = expectedVerdicts(story)
    expect(Object.keys(verdicts)).toEqual([...CHECK_IDS])
    for (const { status, reason } of Object.values(verdicts)) {
      expect(['pass', 'warn', 'fail', 'unknown', 'skipped']).toContain(status)
      expect(reason).toMatch(/^[a-z][a-z0-9:_-]+$/)
    }
    expect(domainToASCII(story.domain)).toBe(story.domain)
  })

  it('gives one reason one status per check', () => {
    const statuses = new Map<string, Set<string>>()
    for (const story of STORIES)
      for (const [id, { status, reason }] of Object.entries(expectedVerdicts(story)))
        statuses.set(`${id} ${reason}`, (statuses.get(`${id} ${reason}`) ?? new Set()).add(status))
    expect([...statuses].filter(([, found]) => found.size > 1)).toEqual([])
  })
})

describe('the bodies', () => {
  it('are what the API takes, with ports that are really open', () => {
    for (const body of world.mailHosts()) {
      expect(MailHostInput.parse(body)).toEqual(body)
      expect(body.webmail.port).toBe(world.ports.https)
    }
    for (const partner of world.partners()) expect(PartnerInput.parse(partner)).toEqual(partner)
    for (const { body } of world.tenants()) expect(TenantInput.parse(body)).toEqual(body)
    for (const { body } of world.domains()) expect(DomainInput.parse(body)).toEqual(body)
  })

  it('refer only to each other', () => {
    const hosts = world.mailHosts().map((host) => host.name)
    const tenants = world.tenants().map((tenant) => tenant.body.slug)
    const partners = world.partners().map((partner) => partner.slug)
    for (const domain of world.domains()) {
      expect(tenants).toContain(domain.tenant)
      if (domain.mailHost) expect(hosts).toContain(domain.mailHost)
    }
    for (const { partner } of world.tenants()) if (partner) expect(partners).toContain(partner)
  })
})

/** What mailauth, an SPF implementation that is not ours, makes of our IPv4, our IPv6 and a stranger's address. */
const SPF_ORACLE: Record<string, [ipv4: string, ipv6: string, stranger: string]> = {
  ok: ['pass', 'pass', 'fail'],
  large: ['pass', 'pass', 'fail'],
  'near-limit': ['pass', 'pass', 'fail'],
  'neutral-all': ['pass', 'pass', 'neutral'],
  'too-permissive': ['pass', 'pass', 'pass'],
  'too-many-lookups': ['pass', 'pass', 'permerror'],
  'void-lookups': ['permerror', 'permerror', 'permerror'],
  multiple: ['permerror', 'permerror', 'permerror'],
  'unknown-mechanism': ['permerror', 'permerror', 'permerror'],
  'family-missing': ['pass', 'fail', 'fail'],
  'does-not-authorise-us': ['fail', 'fail', 'fail'],
  missing: ['none', 'none', 'none'],
  'dns-servfail': ['temperror', 'temperror', 'temperror'],
  'dns-refused': ['temperror', 'temperror', 'temperror'],
  'zone-broken': ['temperror', 'temperror', 'temperror'],
}
const SOFTFAIL = ['starktools.example']
/** A resolver that waits; the DNS tests have these faults. */
const TOO_SLOW_TO_ASK = ['dns-timeout', 'dns-truncated']

describe('SPF as another implementation sees it', () => {
  const judged = STORIES.filter((story) => story.mailHost && !TOO_SLOW_TO_ASK.includes(story.expect?.dns_spf?.reason ?? ''))
  it.each(judged.map((story) => [story.domain, story.expect?.dns_spf?.reason ?? 'ok', story] as const))(
    '%s: %s',
    async (domain, reason, story) => {
      const client = resolver()
      const [ipv4, ipv6] = mailHost(story.mailHost ?? 'lisboa').sendingAddresses
      const results: string[] = []
      for (const ip of [ipv4, ipv6, '198.51.100.200']) {
        const found = await spf({
          sender: `postmaster@${domain}`,
          ip,
          helo: 'mx1.lisboa.atlantico-mail.example',
          mta: 'test',
          strict: true,
          // Its types know texts and addresses only; it reads MX answers as Node gives them.
          resolver: (name: string, type: string) => client.resolve(name, type) as Promise<string[]>,
        })
        results.push(found.status.result)
      }
      const expected = SPF_ORACLE[reason] ?? []
      expect(results).toEqual(SOFTFAIL.includes(domain) ? ['pass', 'pass', 'softfail'] : expected)
    },
  )
})

describe('synthetic domains', () => {
  it('10,000 of them answer like stored ones', async () => {
    const { domains, tenants } = world.addHealthyDomains(10_000)
    expect([domains.length, tenants.length]).toEqual([10_000, 500])
    const last = domains[9_999]
    expect(last?.body.domain).toBe('bench-09999.example')
    const client = resolver()
    expect(await client.resolveTxt('_dmarc.bench-09999.example')).toEqual([[expect.stringContaining('p=reject')]])
    expect((await client.resolveTxt('s2026._domainkey.bench-04321.example'))[0]?.join('')).toContain(
      last?.body.dkim[0]?.publicKey,
    )
    expect(await client.resolve4('mail.bench-00000.example')).toEqual([mailHost('lisboa').frontend])
    await expect(client.resolveMx('bench-10000.example')).rejects.toMatchObject({ code: 'ENOTFOUND' })
    expect(DomainInput.parse(last?.body)).toEqual(last?.body)
  })
})

describe('starting and ending', () => {
  it('two worlds run side by side, and the fixed ports of one are refused to another', async () => {
    const second = await startWorld()
    expect(second.resolvers).not.toEqual(world.resolvers)
    expect(second.ports.https).not.toBe(world.ports.https)
    await expect(startWorld({ ports: { https: second.ports.https } })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    const dnsPort = Number(second.resolvers[0].split(':')[1])
    await expect(startWorld({ ports: { dns: dnsPort } })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await second.close()
    const third = await startWorld({ ports: { dns: dnsPort, ...second.ports } })
    expect(third.resolvers).toEqual([`127.20.0.53:${dnsPort}`, `127.20.0.54:${dnsPort}`])
    await third.close()
  })

  it('writes its root certificate when asked to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vigia-world-'))
    const other = await startWorld({ caFile: join(folder, 'ca.pem') })
    expect(await readFile(join(folder, 'ca.pem'), 'utf8')).toBe(other.caPem)
    await other.close()
    await rm(folder, { recursive: true })
  })

  it('resolvers can be on IPv6', async () => {
    const other = await startWorld({ resolvers: ['::1', '127.20.0.54'] })
    expect(other.resolvers[0]).toMatch(/^\[::1\]:\d+$/)
    const client = new dns.Resolver({ timeout: 1000, tries: 2 })
    client.setServers([other.resolvers[0]])
    expect(await client.resolveNs('.')).toEqual(['ns1.root.example'])
    await other.close()
  })
})
