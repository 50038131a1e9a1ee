import { describe, expect, it } from 'vitest'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../../../../tests/helpers/extended'
import { mailWorld } from '../../../../../tests/helpers/mail-facts'
import { implicit, silent, srvOf, ZONE } from '../../../../../tests/reasons/extended/client-ports'
import { clientPorts } from '../client-ports'

const SRV: Zone = { _imaps: ['0 1 993 imap.example.net'] }

describe('client_ports', () => {
  it('blames nobody for silence while the canary is silent too', async () => {
    const world = zoneWorld(ZONE, { mail: mailWorld(() => silent), canaryOk: () => Promise.resolve(false) })
    expect(await verdictIn(clientPorts, world)).toMatchObject({ status: 'unknown', reason: 'monitor-fault' })
  })

  it('asks for the name and port that SRV publishes', async () => {
    const mail = mailWorld(() => implicit)
    const zone = { ...ZONE, ...srvOf(SRV), 'A imap.example.net': ['192.0.2.11'] }
    await verdictIn(clientPorts, zoneWorld(zone, { mail }), extendedTargetOf())
    expect(mail.looks[0]).toMatchObject({ host: 'imap.example.net', address: '192.0.2.11', port: 993, security: 'implicit' })
  })
})
