import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDnsClient } from '#server/platform/dns/client'
import type { DnsClient } from '#server/platform/dns/types'
import { startAuthoritative, startResolver, type BindServer } from '../helpers/bind9'

/** A second machine: where the zones lead that it does not serve, or cannot. */
const OTHER = '::1'

let zones: BindServer
let other: BindServer
let resolver: BindServer
let dns: DnsClient

beforeAll(async () => {
  zones = await startAuthoritative({
    'good.test': { signed: true, records: `www A 192.0.2.1\nbig TXT ${'"0123456789abcdef" '.repeat(200)}` },
    'bogus.test': { signed: true, records: 'www A 192.0.2.1', tamper: (file) => file.replaceAll('192.0.2.1', '192.0.2.66') },
    // The parent; it points to the other machine.
    test: { records: `lame NS ns.lame\nns.lame AAAA ${OTHER}\nunloaded NS ns.unloaded\nns.unloaded AAAA ${OTHER}` },
    'plain.test': { records: 'www A 192.0.2.2\nalias CNAME www' },
  })
  const broken = { records: '', tamper: () => 'this is no zone file' }
  other = await startAuthoritative({ 'unloaded.test': broken }, { host: OTHER, port: zones.port })
  resolver = await startResolver(zones)
  const options = { allowNets: ['127.0.0.0/8', '::1/128'], portAt: () => zones.port }
  dns = createDnsClient({ servers: [resolver.address], now: () => Date.now(), ...options })
})
afterAll(() => Promise.all([resolver, other, zones].map((server) => server?.stop())))

describe('BIND as a validating resolver', () => {
  it('gives a signed zone as authentic, with signatures that are still to end', async () => {
    const answer = await dns.query('www.good.test', 'A', { dnssec: true })
    expect(answer).toMatchObject({ outcome: 'answer', ad: true, records: [{ value: '192.0.2.1' }] })
    expect(answer.signatures[0]!.expiresAt).toBeGreaterThan(Date.now())
  })

  it('gives an unsigned zone as not authentic, and its CNAME followed', async () => {
    expect(await dns.query('alias.plain.test', 'A', { dnssec: true })).toMatchObject({
      ...{ outcome: 'answer', ad: false, signatures: [], cnames: ['www.plain.test'] },
    })
  })

  it('gives no bogus data, unless checking is disabled', async () => {
    expect((await dns.query('www.bogus.test', 'A')).outcome).toBe('servfail')
    const unchecked = await dns.query('www.bogus.test', 'A', { checkingDisabled: true })
    expect(unchecked).toMatchObject({ outcome: 'answer', ad: false, records: [{ value: '192.0.2.66' }] })
  })

  it.each([
    ['gone.good.test', 'nxdomain'],
    ['ns.good.test', 'nodata'],
  ] as const)('says that %s is %s, for as long as the SOA allows', async (name, outcome) => {
    expect(await dns.query(name, 'MX', { dnssec: true })).toMatchObject({ outcome, ad: true, ttl: 60 })
  })

  it('answers what is too big for UDP over TCP', async () => {
    const answer = await dns.query('big.good.test', 'TXT')
    expect(answer.replies.map((reply) => [reply.outcome, reply.tcp])).toEqual([['answer', true]])
    expect(answer.records[0]!.strings).toHaveLength(200)
  })

  it('shows keys and their signatures as they are in the zone', async () => {
    const keys = await dns.query('good.test', 'DNSKEY', { dnssec: true })
    expect(keys.records.map((record) => record.value.split(' ').slice(0, 3).join(' ')).sort()).toEqual(['256 3 13', '257 3 13'])
    expect(keys.signatures[0]!.value).toMatch(/^DNSKEY 13 2 300 \d{14} \d{14} \d+ good\.test \S+$/)
  })
})

describe('BIND as a server of zones', () => {
  it('refuses a zone that it does not serve', async () => {
    const direct = createDnsClient({ servers: [zones.address], now: () => Date.now() })
    expect((await direct.query('www.elsewhere.example', 'A')).outcome).toBe('refused')
  })
})

describe('a zone that its own servers refuse or cannot load', () => {
  it('is broken', async () => {
    expect(await dns.zone('lame.test')).toMatchObject({ zone: 'lame.test', verdict: 'broken', replies: [{ outcome: 'refused' }] })
    expect(await dns.zone('unloaded.test')).toMatchObject({ verdict: 'broken', replies: [{ outcome: 'servfail' }] })
  })

  it('is none that is only bogus, nor one that is well', async () => {
    expect(await dns.zone('bogus.test')).toMatchObject({ zone: 'bogus.test', verdict: 'well' })
    expect(await dns.zone('www.good.test')).toMatchObject({ zone: 'good.test', verdict: 'well' })
  })
})
