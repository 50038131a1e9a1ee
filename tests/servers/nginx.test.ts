import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttpClient } from '#server/platform/http/http-client'
import { certLe } from '#server/services/checks/collectors/cert-le'
import type { Collector, CheckWorld } from '#server/services/checks/collectors/contract'
import { nginxVhost } from '#server/services/checks/collectors/nginx-vhost'
import { webmailHttp } from '#server/services/checks/collectors/webmail-http'
import { createAuthority, type CertificateAuthority, type Minted } from '../helpers/certificates'
import { MAIL_HOST, targetOf } from '../helpers/check-facts'
import { requireProgram, startServerProcess, type Place, type ServerProcess } from '../helpers/server-process'
import { dnsWorld, stubDns } from '../reasons/contract'

const [OURS, STRANGER] = ['mail.example.org', 'mail.example.net']

let authority: CertificateAuthority
let ours: Minted
let fallback: Minted
const running: ServerProcess[] = []
beforeAll(async () => {
  authority = await createAuthority()
  ours = await authority.mint({ names: [OURS] })
  fallback = await authority.mint({ names: ['front.example.net'] })
})
afterAll(() => Promise.all(running.map((server) => server.stop())))

const site = (name: string, listen: string, more: string) => `
  server { listen ${listen}; server_name ${name}; ${more} }`
const page = `ssl_certificate ours.pem; ssl_certificate_key ours.key;
    add_header Strict-Transport-Security "max-age=31536000" always;
    location = / { return 307 https://$http_host/login/; }
    location = /login/ { default_type text/html; return 200 '<main id="our-login">'; }`
const other = 'ssl_certificate fallback.pem; ssl_certificate_key fallback.key;'

/** nginx with these server blocks; certificates are beside its settings. */
async function nginx(blocks: (place: Place) => string): Promise<ServerProcess> {
  const server = await startServerProcess({
    program: requireProgram('/usr/sbin/nginx'),
    args: ({ dir }) => ['-p', dir, '-e', 'error.log', '-c', join(dir, 'nginx.conf'), '-g', 'daemon off; master_process off;'],
    files: (place) => ({
      'nginx.conf': `pid nginx.pid; events {} http { access_log off; ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((kind) => `${kind}_temp_path ${kind};`)
        .join(' ')} ${blocks(place)} }`,
    }),
    async prepare({ dir }) {
      for (const [name, minted] of Object.entries({ ours, fallback })) {
        await writeFile(join(dir, `${name}.pem`), minted.chain)
        await writeFile(join(dir, `${name}.key`), minted.key)
      }
    },
  })
  running.push(server)
  return server
}

interface Asked {
  host?: string
  frontend?: string
  address?: string
}

/** What a check says of a name at this server. */
async function verdictOf(check: Collector<never>, { port }: ServerProcess, { host = OURS, frontend, address }: Asked = {}) {
  const http = createHttpClient({ allowNets: ['127.0.0.0/8', '::1'], extraCa: [authority.cert] })
  const at = address ?? '127.0.0.1'
  const dns = stubDns({ [`${at.includes(':') ? 'AAAA' : 'A'} ${host}`]: [at] })
  const mailHost = {
    ...{ ...MAIL_HOST, frontends: [frontend ?? `127.0.0.1:${port}`] },
    webmail: { ...MAIL_HOST.webmail, port, httpPort: port },
  }
  const target = targetOf({ mailHost, webmailHost: host })
  const visit = http.visit()
  try {
    const world: CheckWorld = { ...dnsWorld(dns), http, visit }
    const { status, reason } = check.evaluate(await check.collect(world, target), target, Date.now())
    return { status, reason }
  } finally {
    await visit.close()
  }
}

describe('a front end of nginx', () => {
  it('passes with a virtual host of the name, and names the default server where there is none', async () => {
    const server = await nginx(({ port }) => {
      const listen = `127.0.0.1:${port} ssl`
      return site('_', `${listen} default_server`, `${other} return 400;`) + site(OURS, listen, page)
    })
    expect(await verdictOf(nginxVhost as never, server)).toEqual({ status: 'pass', reason: 'ok' })
    expect(await verdictOf(nginxVhost as never, server, { host: STRANGER })).toEqual({ status: 'fail', reason: 'default-vhost' })
    expect(await verdictOf(certLe as never, server)).toEqual({ status: 'pass', reason: 'ok' })
    expect(await verdictOf(certLe as never, server, { host: STRANGER })).toEqual({ status: 'fail', reason: 'name-mismatch' })
    expect(await verdictOf(webmailHttp as never, server, { host: STRANGER })).toEqual({
      status: 'fail',
      reason: 'blocked-by:cert_le',
    })
  })

  it('names the default server too when that shows the login page of another tenant', async () => {
    const server = await nginx(({ port }) => site(OURS, `127.0.0.1:${port} ssl default_server`, page))
    expect(await verdictOf(nginxVhost as never, server, { host: STRANGER })).toEqual({ status: 'fail', reason: 'default-vhost' })
  })

  it('says that the name is not known where nginx rejects the handshake', async () => {
    const server = await nginx(({ port }) => {
      const listen = `127.0.0.1:${port} ssl`
      return site('_', `${listen} default_server`, 'ssl_reject_handshake on;') + site(OURS, listen, page)
    })
    expect(await verdictOf(nginxVhost as never, server)).toEqual({ status: 'pass', reason: 'ok' })
    for (const check of [nginxVhost, certLe])
      expect(await verdictOf(check as never, server, { host: STRANGER })).toEqual({ status: 'fail', reason: 'unrecognized-name' })
  })

  it('reaches a listener of IPv6 alone, and is refused where none is', async () => {
    const server = await nginx(
      ({ port }) =>
        site('_', `127.0.0.1:${port} default_server`, 'return 400;') +
        site('_', `[::1]:${port} ssl default_server`, `${other} return 400;`) +
        site(OURS, `[::1]:${port} ssl`, page),
    )
    const six = { frontend: `[::1]:${server.port}`, address: '::1' }
    expect(await verdictOf(nginxVhost as never, server, six)).toEqual({ status: 'pass', reason: 'ok' })
    expect(await verdictOf(certLe as never, server, six)).toEqual({ status: 'pass', reason: 'ok' })
    // On IPv4 the same port speaks plain HTTP.
    expect(await verdictOf(nginxVhost as never, server)).toEqual({ status: 'fail', reason: 'not-tls' })
    expect(await verdictOf(nginxVhost as never, server, { frontend: `127.0.0.2:${server.port}` })).toEqual({
      status: 'fail',
      reason: 'refused',
    })
  })
})
