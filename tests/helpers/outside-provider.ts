import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeJwt, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import Provider from 'oidc-provider'

export const CLIENT = { id: 'vigia', secret: 'the secret of the outside client' }
const PATH = '/application/o/vigia/'

/** How the provider behaves; a test sets what it needs. */
export interface ProviderMoods {
  /** `refused`: nobody listens for it; `error`: answers 503; `silent`: takes the request and says nothing. */
  down: false | 'error' | 'silent'
  groups: string[]
  /** Changes the ID token's claims before it is signed again. */
  claims: (claims: JWTPayload) => JWTPayload
  /** Signs the changed token with a key that is not the provider's. */
  foreignKey: boolean
  /** Another person at userinfo. */
  userinfoSubject: string | null
  /** `global`: the issuer is the host alone, as in Authentik's second mode. */
  issuer: string | null
}

export interface OutsideProvider {
  issuer: string
  moods: ProviderMoods
  /** How often a path that ends so was asked. */
  asked(end: string): number
  close(): Promise<void>
}

/** A real OpenID Connect provider in Authentik's shape, which signs `marta` in without asking. */
export async function startOutsideProvider(redirectUri: string): Promise<OutsideProvider> {
  const moods: ProviderMoods = {
    down: false,
    groups: ['vigia-operators'],
    claims: (claims) => claims,
    foreignKey: false,
    userinfoSubject: null,
    issuer: null,
  }
  const paths: string[] = []
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const issuer = `${origin}${PATH}`
  const [own, foreign] = await Promise.all([generateKeyPair('RS256', { extractable: true }), generateKeyPair('RS256')])
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(own.privateKey)), kid: 'outside', use: 'sig', alg: 'RS256' }] },
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        post_logout_redirect_uris: [redirectUri.replace('callback', 'signed-out')],
      },
    ],
    cookies: { keys: ['outside'] },
    routes: { authorization: '/application/o/authorize/', token: '/application/o/token/', userinfo: '/application/o/userinfo/' },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    issueRefreshToken: () => true,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/welcome/${uid}` },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, name: 'Marta Reis', email: 'marta@example.org', email_verified: false, groups: moods.groups }),
    }),
    loadExistingGrant: async ({ oidc }: { oidc: { session: { accountId: string }; client: { clientId: string } } }) => {
      const grant = new provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId })
      grant.addOIDCScope('openid profile email offline_access')
      await grant.save()
      return grant
    },
  })

  async function changedToken(token: string): Promise<string> {
    const key = moods.foreignKey ? foreign.privateKey : own.privateKey
    return new SignJWT(moods.claims(decodeJwt(token))).setProtectedHeader({ alg: 'RS256', kid: 'outside' }).sign(key)
  }

  async function changedBody(path: string, body: Record<string, unknown>): Promise<Record<string, unknown>> {
    if (path.endsWith('/token/') && typeof body.id_token === 'string')
      return { ...body, id_token: await changedToken(body.id_token) }
    if (path.endsWith('/userinfo/') && moods.userinfoSubject) return { ...body, sub: moods.userinfoSubject }
    if (path.endsWith('/openid-configuration') && moods.issuer) return { ...body, issuer: moods.issuer }
    return body
  }

  provider.use(async (koa, next) => {
    await next()
    if (koa.body && typeof koa.body === 'object') koa.body = await changedBody(koa.path, koa.body as Record<string, unknown>)
  })
  const answer = provider.callback()
  server.on('request', async (req, res) => {
    const path = req.url!.split('?')[0]!
    paths.push(path)
    if (moods.down === 'error') return res.writeHead(503, { 'content-type': 'text/html' }).end('<h1>down for a while</h1>')
    if (moods.down === 'silent') return
    if (path.startsWith('/welcome/')) return provider.interactionFinished(req, res, { login: { accountId: 'marta' } })
    if (path.endsWith('/openid-configuration')) req.url = '/.well-known/openid-configuration'
    return answer(req, res)
  })
  return {
    issuer,
    moods,
    asked: (end) => paths.filter((path) => path.endsWith(end)).length,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
