import { createHash, X509Certificate } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDnsClient } from '#server/platform/dns/client'
import { saysBogus } from '#server/platform/dns/extended-error'
import { createMailClient } from '#server/platform/mail/mail-client'
import { dnsMx } from '#server/services/checks/collectors/dns-mx'
import type { ExtendedCheck, ExtendedWorld } from '#server/services/checks/extended/contract'
import { dane } from '#server/services/checks/extended/dane'
import { dnssec } from '#server/services/checks/extended/dnssec'
import { startAuthoritative, startResolver, type BindServer, type BindZone } from '../helpers/bind9'
import { createAuthority } from '../helpers/certificates'
import { DAY_MS, targetOf } from '../helpers/check-facts'
import { extendedTargetOf, zoneWorld } from '../helpers/extended'

const inDays = (days: number) => new Date(Date.now() + days * DAY_MS)
/** Other records than those that were signed. */
const forged = (file: string) => file.replace(/\bhostmaster\b/, 'intruder').replace(/(\sTLSA\s+)3 1 1/g, '$13 0 1')
const OTHER_KEY = `3 1 1 ${createHash('sha256').update('the next key').digest('hex')}`
const mail = (...tlsa: string[]) => ['@ MX 10 mx', 'mx A 127.0.0.1', ...tlsa.map((one) => `_25._tcp.mx TLSA ${one}`)].join('\n')

/** `key` is the TLSA record of the key that the mail server has. */
const zonesWith = (key: string): Record<string, BindZone> => ({
  // Signed, so that the resolver can prove what is not; the domains below have anchors of their own.
  '.': { signed: true, records: 'test NS ns.test\nns.test A 127.0.0.1' },
  test: { records: '' },
  'secure.test': { signed: true, records: mail(key, OTHER_KEY) },
  'single.test': { signed: true, records: mail(key) },
  'stale.test': { signed: true, records: mail(OTHER_KEY) },
  'unused.test': { signed: true, records: mail() },
  'plain.test': { records: mail(key) },
  'ending.test': { signed: { from: inDays(-28), to: inDays(2) }, records: '' },
  'expired.test': { signed: { from: inDays(-30), to: inDays(-1) }, records: '' },
  'closed.test': { closed: true, records: '' },
  'forged.test': { signed: true, records: mail(key), tamper: forged },
})

let zones: BindServer
let resolver: BindServer
let smtp: SMTPServer
let world: ExtendedWorld
beforeAll(async () => {
  const authority = await createAuthority()
  const minted = await authority.mint({ names: ['mx.secure.test'] })
  smtp = new SMTPServer({ cert: minted.chain, key: minted.key, disableReverseLookup: true, disabledCommands: ['AUTH'] })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const key = new X509Certificate(minted.cert).publicKey.export({ type: 'spki', format: 'der' })
  zones = await startAuthoritative(zonesWith(`3 1 1 ${createHash('sha256').update(key).digest('hex')}`))
  resolver = await startResolver(zones)
  const allowNets = ['127.0.0.0/8']
  const { port } = smtp.server.address() as AddressInfo
  world = zoneWorld(
    {},
    {
      ...{ config: { allowNets }, now: Date.now },
      dns: createDnsClient({ servers: [resolver.address], now: Date.now, allowNets, portAt: () => zones.port }),
      mail: createMailClient({ allowNets, portAt: () => port, helo: 'vigia.example' }),
    },
  )
})
afterAll(async () => {
  await Promise.all([resolver, zones].map((server) => server?.stop()))
  await new Promise<void>((resolve) => smtp.close(resolve))
})

async function verdictOf<O>(check: ExtendedCheck<O>, domain: string) {
  const target = extendedTargetOf({ domain, mailHost: null, webmailHost: null })
  return check.evaluate(await check.collect(world, target), target, Date.now())
}

describe('the check of DNSSEC over BIND', () => {
  it.each([
    ['secure.test', 'pass', 'ok'],
    ['plain.test', 'info', 'unsigned'],
    ['ending.test', 'warn', 'signatures-end'],
  ])('%s: %s %s', async (domain, status, reason) => {
    expect(await verdictOf(dnssec, domain)).toMatchObject({ status, reason })
  })

  // BIND names the cause (RFC 8914) from version 9.20 on; without it a SERVFAIL convicts nobody.
  it.each(['expired.test', 'forged.test'])('%s is bogus where the resolver says why, and else only likely so', async (domain) => {
    const { outcome, ede } = await world.dns.query(domain, 'SOA')
    expect(outcome).toBe('servfail')
    const told = saysBogus(ede) ? { status: 'fail', reason: 'bogus' } : { status: 'unknown', reason: 'likely-bogus' }
    expect(await verdictOf(dnssec, domain)).toMatchObject(told)
  })
})

describe('the eight over BIND', () => {
  it('do not fail a domain whose signatures ended while its own servers answer and nobody says why', async () => {
    const servers = [resolver.address, resolver.address]
    const dns = createDnsClient({ servers, now: Date.now, allowNets: ['127.0.0.0/8'], portAt: () => zones.port })
    const target = targetOf({ domain: 'expired.test', mailHost: null })
    const seen = await dnsMx.collect({ ...world, dns, shared: (_, look) => look() }, target)
    expect(seen.mx.zone).toMatchObject({ verdict: 'well' })
    const isTold = saysBogus(seen.mx.ede)
    expect(dnsMx.evaluate(seen, target, Date.now())).toMatchObject({ reason: isTold ? 'dnssec-bogus' : 'dns-servfail' })
  })
})

describe('the check of DANE over BIND and a mail server', () => {
  it.each([
    ['secure.test', 'pass', 'ok'],
    ['single.test', 'info', 'single-key'],
    ['stale.test', 'fail', 'mismatch'],
    ['unused.test', 'info', 'absent'],
    ['plain.test', 'warn', 'not-signed'],
    ['forged.test', 'unknown', 'dns-servfail'],
  ])('%s: %s %s', async (domain, status, reason) => {
    expect(await verdictOf(dane, domain)).toMatchObject({ status, reason })
  })
})

describe('the extended errors of BIND', () => {
  it('say why a server does not answer, and stand in the evidence', async () => {
    const direct = createDnsClient({ servers: [zones.address], now: Date.now })
    const answer = await direct.query('closed.test', 'MX')
    expect(answer.ede).toContainEqual(expect.objectContaining({ code: 18 }))
    const target = targetOf({ domain: 'closed.test', mailHost: null })
    const seen = await dnsMx.collect({ ...world, dns: direct, shared: (_, look) => look() }, target)
    expect(dnsMx.evaluate(seen, target, Date.now())).toMatchObject({
      ...{ status: 'unknown', reason: 'dns-refused' },
      evidence: { lookups: [{ notes: expect.arrayContaining([expect.stringContaining('EDE 18')]) }] },
    })
  })
})
