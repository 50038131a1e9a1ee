import { describe, expect, it } from 'vitest'
import type { MailLook } from '#server/platform/mail/types'
import type { ExtendedStatus } from '#shared/schemas/extended'
import { certificateOf, DAY_MS, NOW } from '../../../../../tests/helpers/check-facts'
import { extendedTargetOf, verdictIn, type Zone, zoneWorld } from '../../../../../tests/helpers/extended'
import { mailLookOf, mailWorld } from '../../../../../tests/helpers/mail-facts'
import { clientPorts } from '../client-ports'
import { clientPortsReasons } from '../reasons/client-ports'

const HOST = 'mail.example.org'
const ZONE: Zone = { [`A ${HOST}`]: ['192.0.2.10'], [`AAAA ${HOST}`]: ['2001:db8::10'] }
const SRV: Zone = { _imaps: ['0 1 993 imap.example.net'] }
const implicit = mailLookOf({ plain: null, startTls: null })
const starttls = mailLookOf({ plain: ['STARTTLS', 'LOGINDISABLED'] })
const closed = mailLookOf({ stage: 'connect', fault: 'refused', tls: null, plain: null, startTls: null })
const silent: MailLook = { ...closed, fault: 'timeout' }
const WELL: Record<number, MailLook> = { 993: implicit, 465: implicit, 143: starttls, 587: starttls }
const ALL_CLOSED = { 993: closed, 465: closed, 143: closed, 587: closed }
const showing = (changes: Parameters<typeof certificateOf>[0], protocol = 'TLSv1.3') => ({
  ...implicit,
  tls: { protocol, peer: certificateOf(changes) },
})
const published = (target = HOST, port = 993): Zone => ({ _imaps: [`0 1 ${port} ${target}`] })
const srvOf = (zone: Zone): Zone =>
  Object.fromEntries(Object.entries(zone).map(([service, records]) => [`SRV ${service}._tcp.example.org`, records]))

const CASES: [string, Record<number, MailLook>, ExtendedStatus, string, Zone?][] = [
  ['all four', {}, 'pass', 'ok'],
  ['implicit TLS alone', { 143: closed, 587: closed }, 'pass', 'ok'],
  ['AUTH in clear, but of no password', { 587: { ...starttls, plain: ['STARTTLS', 'AUTH SCRAM-SHA-256'] } }, 'pass', 'ok'],
  ['a password in clear to SMTP', { 587: { ...starttls, plain: ['STARTTLS', 'AUTH PLAIN LOGIN'] } }, 'fail', 'login-in-clear'],
  ['a password in clear to IMAP', { 143: { ...starttls, plain: ['STARTTLS', 'AUTH=PLAIN'] } }, 'fail', 'login-in-clear'],
  ['IMAP without TLS at all', { 143: { ...starttls, plain: [], startTls: 'absent', tls: null } }, 'fail', 'login-in-clear'],
  [
    'no TLS and no login',
    { 143: { ...starttls, plain: ['LOGINDISABLED'], startTls: 'absent', tls: null } },
    'warn',
    'no-starttls',
  ],
  ['no 993', { 993: closed }, 'warn', 'no-implicit-tls'],
  ['a silent 465', { 465: silent }, 'warn', 'no-implicit-tls'],
  ['nothing open', ALL_CLOSED, 'info', 'none-open'],
  ['published and closed', { 993: closed }, 'fail', 'published-but-closed', srvOf(published())],
  ['published and silent', { 993: silent }, 'unknown', 'no-answer', srvOf(published())],
  ['published at another port', { 1993: implicit, 993: closed }, 'pass', 'ok', srvOf(published(HOST, 1993))],
  ['published as not offered', { 143: closed, 993: closed }, 'pass', 'ok', srvOf({ _imaps: ['0 0 0 .'], _imap: ['0 0 0 .'] })],
  ['injected', { 587: { ...starttls, startTls: 'injected', tls: null } }, 'fail', 'injected'],
  ['no TLS where it must be', { 993: { ...closed, stage: 'handshake', fault: 'not-tls' } }, 'fail', 'handshake-failed'],
  ['self-signed', { 465: showing({ trustError: 'DEPTH_ZERO_SELF_SIGNED_CERT' }) }, 'fail', 'invalid-certificate'],
  ['another name', { 465: showing({ names: ['other.example'], nameMatches: false }) }, 'warn', 'name-mismatch'],
  ['TLS 1.0', { 465: showing({}, 'TLSv1') }, 'warn', 'outdated-tls'],
  ['near its end', { 465: showing({ notAfter: NOW + 2 * DAY_MS, notBefore: NOW - 88 * DAY_MS }) }, 'warn', 'near-expiry'],
  ['an inner address', { 993: { ...closed, fault: 'blocked-address' } }, 'unknown', 'blocked-address'],
  ['a resolver in trouble', {}, 'unknown', 'dns-servfail', { [`A ${HOST}`]: 'servfail' }],
  ['a resolver in trouble at SRV', {}, 'unknown', 'dns-refused', srvOf({ _imaps: 'refused' })],
  [
    'a password in clear beside a resolver in trouble',
    { 587: { ...starttls, plain: ['AUTH LOGIN'] } },
    'fail',
    'login-in-clear',
    srvOf({ _imap: 'timeout' }),
  ],
]

describe('client_ports', () => {
  it.each(CASES)('%s', async (_, ports, status, reason, zone = {}) => {
    const mail = mailWorld(({ port }) => ({ ...WELL, ...ports })[port] ?? closed)
    expect(await verdictIn(clientPorts, zoneWorld({ ...ZONE, ...zone }, { mail }))).toMatchObject({ status, reason })
  })

  it('has a case for every reason of its catalogue', () => {
    const given = new Set(CASES.map(([, , , reason]) => reason))
    expect(Object.keys(clientPortsReasons).filter((reason) => !given.has(reason))).toEqual([])
  })

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
