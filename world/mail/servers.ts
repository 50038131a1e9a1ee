import { createSecureContext } from 'node:tls'
import type { Server } from 'node:net'
import type { StandIn } from '#server/platform/stand-ins'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { hostName, mailHost, MAIL_HOST_KEYS, mxNames, OTHER_PROVIDER, PLACES, type WorldMailHost } from '../provider'
import { STORIES } from '../stories'
import { isHostedElsewhere } from '../story'
import type { CertificateMint } from '../web/certificates'
import { PortGroup } from '../web/listen'
import type { SiteTable } from '../web/sites'
import { imapServer } from './imap'
import { mailTls, type MailTls } from './tls'

/** The ports that stand for 25, 587, 465, 143 and 993. */
export interface MailPorts {
  smtp: number
  submission: number
  submissions: number
  imap: number
  imaps: number
}

export interface MailServers {
  ports: MailPorts
  standIns: StandIn[]
  close(): Promise<void>
}

/** The mail exchangers, and at the front ends what mail programs talk to. No mail is taken. */
export async function startMailServers(table: SiteTable, mint: CertificateMint): Promise<MailServers> {
  const ours = MAIL_HOST_KEYS.map((key) => exchanger(mailHost(key), mint))
  const exchangers = await Promise.all([...ours, exchangerElsewhere(mint)])
  const fronts = table.addresses.flatMap((address) => {
    const key = MAIL_HOST_KEYS.find((one) => mailHost(one).frontend === address) ?? (address.includes(':') ? 'lisboa' : null)
    return key ? [{ address, key }] : []
  })
  const atFronts = (make: (host: WorldMailHost, tls: MailTls) => Server) =>
    PortGroup.open(
      fronts.map(({ address, key }) => ({ address, server: make(mailHost(key), frontTls(table, address)) })),
      0,
    )
  const groups = {
    smtp: await PortGroup.open(exchangers, 0),
    submission: await atFronts((host, { tls }) => smtp({ ...tls, disabledCommands: host.loginInClear ? [] : ['AUTH'] })),
    submissions: await atFronts((_, { tls }) => smtp({ ...tls, secure: true })),
    imap: await atFronts((host, tls) => imapServer({ ...tls, implicitTls: false, loginInClear: host.loginInClear === true })),
    imaps: await atFronts((_, tls) => imapServer({ ...tls, implicitTls: true, loginInClear: false })),
  }
  const { smtp: mx, submission, submissions, imap, imaps } = groups
  return {
    ports: { smtp: mx.port, submission: submission.port, submissions: submissions.port, imap: imap.port, imaps: imaps.port },
    standIns: [
      ...[...mx.standIns(25), ...submission.standIns(587), ...submissions.standIns(465)],
      ...[...imap.standIns(143), ...imaps.standIns(993)],
    ],
    close: async () => void (await Promise.all(Object.values(groups).map((group) => group.close()))),
  }
}

async function exchanger(host: WorldMailHost, mint: CertificateMint) {
  const identity = await mint.mint(mxNames(host), host.smtp === 'self-signed' ? 'self-signed' : 'good')
  const disabledCommands = host.smtp === 'no-starttls' ? ['AUTH', 'STARTTLS'] : ['AUTH']
  return { address: host.mxAddress, server: smtp({ ...identity, name: `mx1.${hostName(host)}`, disabledCommands }) }
}

/** Where the domains lead that others host. */
async function exchangerElsewhere(mint: CertificateMint) {
  const names = [OTHER_PROVIDER, ...STORIES.filter(isHostedElsewhere).map(({ domain }) => domain)].map((zone) => `mx.${zone}`)
  const identity = await mint.mint(names, 'good')
  return { address: PLACES.exchangerElsewhere, server: smtp({ ...identity, name: names[0], disabledCommands: ['AUTH'] }) }
}

/** The certificate of the webmail name, as the front end shows it over HTTPS too. */
function frontTls(table: SiteTable, address: string): MailTls {
  const identity = table.defaultIdentity(address)
  const fallback = createSecureContext(identity)
  return mailTls(identity, async (name) => (name ? table.find(address, name).context() : fallback))
}

function smtp(options: SMTPServerOptions): Server {
  const server = new SMTPServer({
    name: 'submission.example',
    ...options,
    // It would ask the machine's own resolver about us.
    disableReverseLookup: true,
    onMailFrom: (_from, _session, done) => done(new Error('no mail is taken here')),
  })
  server.on('error', () => undefined)
  return server.server
}
