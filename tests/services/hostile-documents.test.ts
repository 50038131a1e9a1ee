import type { Socket } from 'node:net'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createHttpClient } from '#server/platform/http/http-client'
import { autoconfig } from '#server/services/checks/extended/autoconfig'
import { bimi } from '#server/services/checks/extended/bimi'
import type { ExtendedCheck } from '#server/services/checks/extended/contract'
import { domainExpiryBy } from '#server/services/checks/extended/domain-expiry'
import { mtaSts } from '#server/services/checks/extended/mta-sts'
import { createAuthority, type CertificateAuthority } from '../helpers/certificates'
import { DOMAIN } from '../helpers/check-facts'
import { extendedTargetOf, verdictIn, zoneWorld, type Zone } from '../helpers/extended'
import { startTlsServer, type TestServer } from '../helpers/tls-server'

const TEN_MB = 10 << 20
const HOSTS = ['mta-sts', 'autoconfig', 'logo', 'rdap'].map((label) => `${label}.${DOMAIN}`)
const ZONE: Zone = {
  ...Object.fromEntries(HOSTS.map((host) => [`A ${host}`, ['127.0.0.1']])),
  [`MX ${DOMAIN}`]: ['10 mx1.example.net'],
  [`TXT _mta-sts.${DOMAIN}`]: ['v=STSv1; id=1'],
  [`TXT _dmarc.${DOMAIN}`]: ['v=DMARC1; p=reject'],
  [`TXT default._bimi.${DOMAIN}`]: [`v=BIMI1; l=https://logo.${DOMAIN}/logo.svg`],
}

let authority: CertificateAuthority
let server: TestServer | undefined
beforeAll(async () => void (authority = await createAuthority()))
afterEach(() => server?.close())

/** A document that begins as it should. */
const document = (start: string, length = '') => `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n${length}\r\n${start}`

/** The same again and again, as fast as it is taken; for ever, or until ten megabytes are sent. */
function pour(socket: Socket, most = Infinity) {
  const piece = Buffer.alloc(64 * 1024, 'x')
  const more = () => {
    while (!socket.destroyed && socket.bytesWritten < most && socket.write(piece));
  }
  socket.on('drain', more)
  more()
}

const START = 'version: STSv1\nmode: enforce\nmx: *.example.net\nmax_age: 604800\n'
const CHECKS: [string, ExtendedCheck<never>, string, string][] = [
  ['a policy', mtaSts as ExtendedCheck<never>, START, 'fail policy-too-large'],
  ['a configuration', autoconfig as ExtendedCheck<never>, '<clientConfig version="1.1">', 'warn config-unreadable'],
  ['a logo', bimi as ExtendedCheck<never>, '<svg xmlns="http://www.w3.org/2000/svg">', 'warn logo-profile'],
  [
    'a list of registries',
    domainExpiryBy(`https://rdap.${DOMAIN}/dns.json`) as ExtendedCheck<never>,
    '{"services":[',
    'unknown registry-unreachable',
  ],
]

describe.each(CHECKS)('%s', (_, check, start, expected) => {
  it.each<[string, (socket: Socket) => void]>([
    [
      'of ten megabytes',
      (socket) => (socket.write(document(start, `content-length: ${TEN_MB + start.length}\r\n`)), pour(socket, TEN_MB)),
    ],
    ['without an end', (socket) => (socket.write(document(start)), pour(socket))],
  ])('%s is left where it is too long, and little of it is kept', async (_what, send) => {
    const own = await startTlsServer(await authority.mint({ names: HOSTS }), (socket) => socket.once('data', () => send(socket)))
    server = own
    const http = createHttpClient({ allowNets: ['127.0.0.0/8'], extraCa: [authority.cert], portAt: () => own.port })
    const { status, reason, evidence } = await verdictIn(check, zoneWorld(ZONE, { http }), extendedTargetOf())
    expect(`${status} ${reason}`).toBe(expected)
    expect(JSON.stringify(evidence).length).toBeLessThan(10_000)
    // Nobody is left behind reading.
    await own.idle()
  })
})
