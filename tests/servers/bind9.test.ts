import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDnsClient } from '#server/platform/dns/client'
import type { DnsClient } from '#server/platform/dns/types'
import { startAuthoritative, startResolver, type BindServer } from '../helpers/bind9'

let zones: BindServer
let resolver: BindServer
let dns: DnsClient

beforeAll(async () => {
  zones = await startAuthoritative({
    'good.test': { signed: true, records: `www A 192.0.2.1\nbig TXT ${'"0123456789abcdef" '.repeat(200)}` },
    'bogus.test': { signed: true, records: 'www A 192.0.2.1', tamper: (file) => file.replaceAll('192.0.2.1', '192.0.2.66') },
    'plain.test': { records: 'www A 192.0.2.2\nalias CNAME www' },
  })
  resolver = await startResolver(zones)
  dns = createDnsClient({ servers: [resolver.address], now: () => Date.now() })
})
afterAll(() => Promise.all([resolver?.stop(), zones?.stop()]))

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
    expect((await direct.query('www.elsewhere.test', 'A')).outcome).toBe('refused')
  })
})
