import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createMailClient } from '#server/platform/mail/mail-client'
import type { MailTarget } from '#server/platform/mail/types'
import { createAuthority, type CertificateAuthority } from '../helpers/certificates'
import { freePort, requireProgram, startServerProcess, type ServerProcess } from '../helpers/server-process'

const POSTFIX = '/usr/sbin/postfix'
/** What `postfix start` starts, in the foreground and ended by its own process id. */
const MASTER = '/usr/lib/postfix/sbin/master'

let authority: CertificateAuthority
let server: ServerProcess
let ports: { smtp: number; submission: number; submissions: number }

/** One service of master.cf: an smtpd on loopback, with settings of its own. */
const smtpd = (port: number, ...settings: string[]) =>
  [`127.0.0.1:${port} inet n - n - - smtpd`, ...settings.map((setting) => `  -o ${setting}`)].join('\n')

const masterCf = (smtp: number) => `${smtpd(smtp)}
${smtpd(ports.submission, 'smtpd_tls_security_level=encrypt')}
${smtpd(ports.submissions, 'smtpd_tls_wrappermode=yes')}
postlog unix-dgram n - n - 1 postlogd
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
`

const mainCf = (dir: string) => `compatibility_level = 3.6
queue_directory = ${dir}/queue
data_directory = ${dir}/data
maillog_file = ${dir}/log
maillog_file_prefixes = ${dir}
myhostname = mx.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_tls_chain_files = ${dir}/tls.pem
smtpd_tls_security_level = may
smtpd_relay_restrictions = reject
alias_maps =
local_recipient_maps =
`

beforeAll(async () => {
  requireProgram(POSTFIX)
  authority = await createAuthority()
  const minted = await authority.mint({ names: ['mx.example'], keyType: 'rsa' })
  const [submission, submissions] = [await freePort(), await freePort()]
  server = await startServerProcess({
    program: MASTER,
    args: ({ dir }) => ['-c', dir, '-d'],
    files: ({ dir }) => ({ 'main.cf': mainCf(dir), 'tls.pem': `${minted.key}\n${minted.chain}` }),
    prepare({ dir, port }) {
      ports = { smtp: port, submission, submissions }
      chmodSync(dir, 0o755)
      for (const folder of ['queue', 'data']) mkdirSync(join(dir, folder))
      writeFileSync(join(dir, 'master.cf'), masterCf(port))
      execFileSync('chown', ['postfix', join(dir, 'data')])
      // Makes the folders of the queue.
      execFileSync(POSTFIX, ['-c', dir, 'check'], { stdio: 'ignore' })
    },
  })
}, 60_000)
afterAll(() => server?.stop())

const look = (port: number, target: Partial<MailTarget> = {}) =>
  createMailClient({ allowNets: ['127.0.0.0/8'], extraCa: [authority.cert], helo: 'vigia.example' }).look({
    ...{ protocol: 'smtp', security: 'starttls', host: 'mx.example', address: '127.0.0.1', timeoutMs: 10_000 },
    ...{ port, ...target },
  })

describe('postfix', () => {
  it('takes STARTTLS and shows its certificate', async () => {
    const seen = await look(ports.smtp)
    expect(seen).toMatchObject({
      ...{
        stage: 'done',
        fault: null,
        startTls: 'accepted',
        name: 'mx.example',
        greeting: 'mx.example ESMTP Postfix',
      },
      tls: { protocol: 'TLSv1.3', peer: { trustError: null, nameMatches: true, keyType: 'rsa' } },
    })
    expect(seen.plain).toContain('STARTTLS')
    expect(seen.secured).toContain('PIPELINING')
    expect(seen.secured).not.toContain('STARTTLS')
  })

  it('offers STARTTLS where it insists on it, and TLS from the first byte', async () => {
    expect(await look(ports.submission)).toMatchObject({ stage: 'done', startTls: 'accepted' })
    const implicit = await look(ports.submissions, { security: 'implicit' })
    expect(implicit).toMatchObject({ stage: 'done', plain: null, tls: { protocol: 'TLSv1.3' } })
  })

  it('is not the host of another name', async () => {
    const seen = await look(ports.smtp, { host: 'mail.example' })
    expect(seen.tls?.peer).toMatchObject({ trustError: null, nameMatches: false })
  })

  it('sees a client that greets and leaves: no mail, no abuse of the protocol', async () => {
    await look(ports.smtp)
    const log = () => readFileSync(join(server.dir, 'log'), 'utf8')
    await vi.waitFor(() => expect(log()).toMatch(/disconnect from .* ehlo=2 starttls=1 quit=1 commands=4/))
    // The helper that starts servers connects and says nothing.
    expect(log()).not.toMatch(/improper command pipelining|lost connection after (?!CONNECT)|SSL_accept error/)
  })

  it('speaks no IMAP, and no TLS before it is asked', async () => {
    expect(await look(ports.smtp, { protocol: 'imap' })).toMatchObject({ stage: 'greeting', fault: 'protocol' })
    expect(await look(ports.smtp, { security: 'implicit' })).toMatchObject({ stage: 'handshake', fault: 'not-tls' })
  })
})
