import { describe, expect, it } from 'vitest'
import { verdictIn, type Zone, zoneWorld } from '../../../../../tests/helpers/extended'
import { mailWorld } from '../../../../../tests/helpers/mail-facts'
import { showing } from '../../../../../tests/reasons/extended/smtp-tls'
import { smtpTls } from '../smtp-tls'

describe('smtp_tls', () => {
  it('keeps its evidence small when a certificate has 3,000 names', async () => {
    const names = Array.from({ length: 3_000 }, (_, i) => `mx${i}.example.net`)
    const zone: Zone = { 'MX example.org': ['10 mx0.example.net'], 'A mx0.example.net': ['192.0.2.25'] }
    const { status, evidence } = await verdictIn(smtpTls, zoneWorld(zone, { mail: mailWorld(() => showing({ names })) }))
    expect(status).toBe('pass')
    expect(JSON.stringify(evidence).length).toBeLessThan(5_000)
  })

  it('looks at no more than a few addresses of a zone with 500 hosts', async () => {
    const hosts = Array.from({ length: 500 }, (_, i) => `mx${i}.example.net`)
    const zone: Zone = { 'MX example.org': hosts.map((host) => `10 ${host}`) }
    for (const host of hosts) zone[`A ${host}`] = Array.from({ length: 50 }, (_, i) => `192.0.2.${i}`)
    const mail = mailWorld(({ host }) => showing({ names: [host] }))
    const { evidence } = await verdictIn(smtpTls, zoneWorld(zone, { mail }))
    expect(mail.looks).toHaveLength(40)
    expect(JSON.stringify(evidence).length).toBeLessThan(60_000)
  })
})
