import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect as tcpConnect } from 'node:net'
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../index'
import { LOGIN_MARKER, PLACES, mailHost } from '../provider'

const LISBOA = mailHost('lisboa').frontend
const PORTO = mailHost('porto').frontend
const DAY = 86_400_000

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  body: string
}

async function read(request: ReturnType<typeof httpRequest>): Promise<Answer> {
  request.end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let body = ''
  for await (const chunk of response.setEncoding('utf8')) body += chunk
  return { status: response.statusCode ?? 0, headers: response.headers, body }
}

/** GET over TLS at an address, as a browser that was sent there; certificates are looked at elsewhere. */
const get = (address: string, name: string, path = '/', port = world.ports.https) =>
  read(
    httpsRequest({
      host: address,
      port,
      servername: name,
      path,
      headers: { host: `${name}:${port}` },
      rejectUnauthorized: false,
      agent: false,
    }),
  )

const getPlain = (address: string, name: string) =>
  read(httpRequest({ host: address, port: world.ports.http, headers: { host: name }, agent: false }))

/** Trust and name are two questions here; Node would report a wrong name as lack of trust. */
const noNameCheck = () => undefined

/** A handshake that trusts the world's root alone. */
async function handshake(address: string, servername: string) {
  const socket: TLSSocket = connect({
    host: address,
    port: world.ports.https,
    servername,
    ca: world.caPem,
    rejectUnauthorized: false,
    checkServerIdentity: noNameCheck,
  })
  await once(socket, 'secureConnect')
  const certificate: PeerCertificate = socket.getPeerCertificate()
  const result = {
    trust: socket.authorizationError ? String(socket.authorizationError) : null,
    nameError: checkServerIdentity(servername, certificate) ?? null,
    names: certificate.subjectaltname,
    fingerprint: certificate.fingerprint256,
    daysLeft: (Date.parse(certificate.valid_to) - Date.now()) / DAY,
  }
  socket.destroy()
  return result
}

describe('certificates', () => {
  it('a healthy name verifies with the root of the world at both families, with one certificate', async () => {
    const ipv4 = await handshake(LISBOA, 'mail.umbrella.example')
    const ipv6 = await handshake(PLACES.ipv6, 'mail.umbrella.example')
    expect(ipv4).toMatchObject({ trust: null, nameError: null, names: 'DNS:mail.umbrella.example' })
    expect(ipv6.fingerprint).toBe(ipv4.fingerprint)
  })

  it('nobody else trusts that root', async () => {
    const request = httpsRequest({ host: LISBOA, port: world.ports.https, servername: 'mail.umbrella.example', agent: false })
    await expect(read(request)).rejects.toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
  })

  it.each([
    ['mail.acme.example', LISBOA, 'CERT_HAS_EXPIRED'],
    ['mail.acme-customs.example', LISBOA, 'CERT_NOT_YET_VALID'],
    ['mail.wayneprint-labels.example', PORTO, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['mail.tejodental.pt', LISBOA, 'SELF_SIGNED_CERT_IN_CHAIN'],
    ['mail.fjordbank-leasing.dk', LISBOA, null],
  ])('%s at %s has the trust error %s', async (name, address, trust) => {
    expect((await handshake(address, name)).trust).toBe(trust)
    expect((await handshake(PLACES.ipv6, name)).trust).toBe(trust)
  })

  it('the wrong name is the only thing wrong with a certificate for another host', async () => {
    const { nameError, names } = await handshake(LISBOA, 'mail.fjordbank-leasing.dk')
    expect(nameError).toBeInstanceOf(Error)
    expect(names).toBe('DNS:mail.previous-owner.example')
  })

  it('lives that run out are valid still', async () => {
    const overdue = await handshake(LISBOA, 'mail.starktools-rental.example')
    expect(overdue.trust).toBeNull()
    expect(Math.round(overdue.daysLeft)).toBe(20)
    const near = await handshake(LISBOA, 'mail.globex-energy.example')
    expect(near.trust).toBeNull()
    expect(Math.round(near.daysLeft)).toBe(5)
  })

  it('two families can show two certificates, both valid', async () => {
    const ipv4 = await handshake(LISBOA, 'mail.rafaelvet.pt')
    const ipv6 = await handshake(PLACES.ipv6, 'mail.rafaelvet.pt')
    expect([ipv4.trust, ipv6.trust, ipv4.nameError, ipv6.nameError]).toEqual([null, null, null, null])
    expect(ipv6.fingerprint).not.toBe(ipv4.fingerprint)
  })
})

describe('a healthy front end', () => {
  it.each([LISBOA, PLACES.ipv6])('at %s answers as Carbonio does', async (address) => {
    const authority = `mail.umbrella.example:${world.ports.https}`
    const root = await get(address, 'mail.umbrella.example')
    expect(root.status).toBe(307)
    expect(root.headers.location).toBe(`https://${authority}/static/login/`)
    expect(root.headers['strict-transport-security']).toBe('max-age=31536000')
    const login = await get(address, 'mail.umbrella.example', '/static/login/')
    expect(login).toMatchObject({ status: 200, body: expect.stringContaining(LOGIN_MARKER) })
    expect((await get(address, 'mail.umbrella.example', '/favicon.ico')).status).toBe(404)
    expect((await get(address, 'mail.umbrella.example', '/service/health/ready')).status).toBe(200)
  })

  it('plain HTTP leads to TLS on the same host', async () => {
    const answer = await getPlain(LISBOA, `mail.umbrella.example:${world.ports.http}`)
    expect(answer.status).toBe(301)
    expect(answer.headers.location).toBe(`https://mail.umbrella.example:${world.ports.https}/`)
  })
})

describe('web stories', () => {
  it('a strict front end refuses an unknown name with its own certificate', async () => {
    for (const name of ['mail.casalusa-hoteis.pt', 'mail.never-heard-of.example']) {
      expect((await get(LISBOA, name)).status).toBe(400)
      expect((await handshake(LISBOA, name)).names).toBe('DNS:lisboa.atlantico-mail.example')
    }
  })

  it("a lax front end shows somebody else's login page under its own certificate", async () => {
    for (const name of ['mail.lusaflores.pt', 'mail.never-heard-of.example']) {
      expect((await get(PORTO, name, '/static/login/')).body).toContain(LOGIN_MARKER)
      expect((await handshake(PORTO, name)).names).toBe('DNS:porto.atlantico-mail.example')
    }
  })

  it('the old proxy sends visitors in a circle, while the front end is well', async () => {
    const first = await get(PLACES.elsewhere, 'mail.douroquintas.pt')
    const second = await get(PLACES.elsewhere, 'mail.douroquintas.pt', '/static/login/')
    const base = `https://mail.douroquintas.pt:${world.ports.https}`
    expect([first.headers.location, second.headers.location]).toEqual([`${base}/static/login/`, `${base}/`])
    expect((await handshake(PLACES.elsewhere, 'mail.douroquintas.pt')).trust).toBeNull()
    expect((await get(LISBOA, 'mail.douroquintas.pt', '/static/login/')).status).toBe(200)
  })

  it('the broken virtual host answers 500 everywhere', async () => {
    expect((await get(LISBOA, 'mail.acme-parcel.example')).status).toBe(500)
    expect((await get(PLACES.ipv6, 'mail.acme-parcel.example', '/static/login/')).status).toBe(500)
  })

  it('the parking page is no login page', async () => {
    const answer = await get(PLACES.elsewhere, 'mail.stark-robotics.example', '/static/login/')
    expect(answer.status).toBe(200)
    expect(answer.body).not.toContain(LOGIN_MARKER)
  })

  it('the slow login page comes in the end', async () => {
    const asked = performance.now()
    const answer = await get(LISBOA, 'mail.umbrella-logistics.example', '/static/login/')
    expect(answer.body).toContain(LOGIN_MARKER)
    // The story is that it takes more than the two seconds a login page may take.
    expect(performance.now() - asked).toBeGreaterThan(2000)
  })

  it('one site forgets HSTS', async () => {
    const answer = await get(PORTO, 'mail.aalborgcykler.dk', '/static/login/')
    expect(answer.headers['strict-transport-security']).toBeUndefined()
    expect(answer.body).toContain(LOGIN_MARKER)
  })

  it('the silent host takes the connection and nothing more', async () => {
    const socket = tcpConnect(world.ports.https, PLACES.silent)
    await once(socket, 'connect')
    const said = once(socket, 'data').then(
      () => true,
      () => true,
    )
    socket.write('hello')
    // A host that talks answers here first: the same bytes at the plain server get 400.
    const plain = tcpConnect(world.ports.https, PLACES.plain)
    plain.write('hello\r\n\r\n')
    await once(plain, 'data')
    expect(await Promise.race([said, Promise.resolve(false)])).toBe(false)
    socket.destroy()
    plain.destroy()
  })

  it('the plain host does not speak TLS', async () => {
    await expect(handshake(PLACES.plain, 'mail.initech-forms.example')).rejects.toMatchObject({
      code: 'ERR_SSL_WRONG_VERSION_NUMBER',
    })
  })

  it.each([
    ['the closed host', PLACES.closed],
    ['the IPv4 front end of Faro', mailHost('faro').frontend],
  ])('%s refuses', async (_, address) => {
    await expect(handshake(address, 'mail.algarvemar.pt')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('Faro answers over IPv6', async () => {
    expect((await get(PLACES.ipv6, 'mail.algarvemar.pt', '/static/login/')).status).toBe(200)
  })

  it('a site can be broken and mended while the world runs', async () => {
    world.faults.web('mail.umbrella.example', 'http-500')
    expect((await get(LISBOA, 'mail.umbrella.example')).status).toBe(500)
    world.faults.web('mail.umbrella.example', null)
    expect((await get(LISBOA, 'mail.umbrella.example')).status).toBe(307)
  })
})

describe('health', () => {
  it('a host that is well says ready, one whose database is down says 500', async () => {
    const well = await get(LISBOA, 'lisboa.atlantico-mail.example', '/service/health')
    expect(well.status).toBe(200)
    expect(JSON.parse(well.body)).toEqual({
      ready: true,
      dependencies: [{ name: 'MariaDb', type: 'REQUIRED', ready: true, live: true }],
    })
    const ill = await get(PLACES.ipv6, 'aarhus.atlantico-mail.example', '/service/health')
    expect(ill.status).toBe(500)
    expect(JSON.parse(ill.body)).toMatchObject({ ready: false })
    expect((await get(mailHost('aarhus').frontend, 'mail.aarhusbryghus.dk', '/static/login/')).status).toBe(200)
  })

  it('can be switched by the name of the mail host', async () => {
    world.faults.health('Carbonio Lisboa', false)
    expect((await get(LISBOA, 'lisboa.atlantico-mail.example', '/service/health/ready')).status).toBe(500)
    world.faults.health('Carbonio Lisboa', true)
    expect((await get(LISBOA, 'lisboa.atlantico-mail.example', '/service/health/ready')).status).toBe(200)
    expect(() => world.faults.health('Carbonio Nowhere', false)).toThrow('no mail host is called Carbonio Nowhere')
  })
})
