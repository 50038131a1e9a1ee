import Provider, { type KoaContext } from 'oidc-provider'
import type { Context } from '#server/platform/context'
import { operatorAccount, type OperatorAccount } from '#server/services/access'
import { errorPage, signedOutPage, signOutPage } from '../pages'
import { createAdapter } from './adapter'
import { signingKey } from './signing-key'

/** Authentik's addresses: what belongs to the application stands under its slug, the rest is shared. */
export const APPLICATION_PATH = '/application/o/vigia/'
export const SIGN_IN_PATH = `${APPLICATION_PATH}sign-in/`
const SHARED_PATH = '/application/o/'
const CLIENT_ID = 'vigia'

/** How the portal itself reaches its embedded provider. */
export function embeddedSettings({ config, secrets }: Pick<Context, 'config' | 'secrets'>) {
  return {
    issuer: `${config.baseUrl}${APPLICATION_PATH}`,
    clientId: CLIENT_ID,
    clientSecret: secrets.derive('oidc-client-secret'),
  }
}

const HOUR_SEC = 60 * 60
const LIFETIMES_SEC = {
  AccessToken: 10 * 60,
  AuthorizationCode: 60,
  IdToken: 10 * 60,
  Interaction: HOUR_SEC,
  RefreshToken: 12 * HOUR_SEC,
  Grant: 12 * HOUR_SEC,
  Session: 12 * HOUR_SEC,
}

/** The identity provider of this machine: one client, RS256, code flow with PKCE, claims as Authentik has them. */
export async function createProvider(world: Context): Promise<Provider> {
  const { baseUrl } = world.config
  const { issuer, clientId, clientSecret } = embeddedSettings(world)
  const provider = new Provider(issuer, {
    adapter: createAdapter(world),
    jwks: { keys: [await signingKey(world)] },
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [`${baseUrl}/auth/callback`],
        post_logout_redirect_uris: [`${baseUrl}/auth/signed-out`],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    cookies: cookiesFor(world),
    ttl: LIFETIMES_SEC,
    routes: {
      authorization: `${SHARED_PATH}authorize/`,
      token: `${SHARED_PATH}token/`,
      userinfo: `${SHARED_PATH}userinfo/`,
      jwks: `${APPLICATION_PATH}jwks/`,
      end_session: `${APPLICATION_PATH}end-session/`,
    },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: {
      openid: ['sub'],
      profile: ['name', 'given_name', 'preferred_username', 'nickname', 'groups'],
      email: ['email', 'email_verified'],
    },
    // Authentik puts the scopes' claims into the ID token too.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    responseTypes: ['code'],
    // One confidential client on one machine: rotating would sign people out whose two tabs refresh at once.
    rotateRefreshToken: false,
    issueRefreshToken: async (_: unknown, client: { grantTypeAllowed(type: string): boolean }) =>
      client.grantTypeAllowed('refresh_token'),
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource, postLogoutSuccessSource: signedOut },
    },
    interactions: { url: (_: unknown, interaction: { uid: string }) => `${SIGN_IN_PATH}${interaction.uid}` },
    findAccount: async (_: unknown, id: string) => accountOf(await operatorAccount(world, id)),
    loadExistingGrant: (koa: KoaContext) => grantEverything(provider, koa),
    renderError,
  })
  // Behind a local TLS proxy the scheme comes from the base URL; the mount sets the header itself.
  provider.proxy = true
  return provider
}

function cookiesFor({ config, secrets }: Context) {
  const secure = config.baseUrl.startsWith('https:')
  const shared = { httpOnly: true, sameSite: 'lax', secure, signed: true }
  return {
    keys: [secrets.derive('oidc-cookies')],
    names: { session: 'vigia_id', interaction: 'vigia_id_step', resume: 'vigia_id_resume' },
    long: { ...shared, path: SHARED_PATH },
    short: shared,
  }
}

/** The claims of Authentik's default scopes, `email_verified` false included. */
function accountOf(account: OperatorAccount | null) {
  if (!account) return undefined
  return {
    accountId: account.id,
    claims: () => ({
      sub: account.id,
      name: account.name,
      given_name: account.name,
      preferred_username: account.username,
      nickname: account.username,
      groups: account.groups,
      email: account.email,
      email_verified: false,
    }),
  }
}

/** The one client is ours, so there is nothing to consent to. */
async function grantEverything(provider: Provider, { oidc }: KoaContext) {
  const accountId = oidc.session!.accountId!
  const clientId = oidc.client!.clientId
  const known = oidc.session!.grantIdFor(clientId)
  const grant = (known && (await provider.Grant.find(known))) || new provider.Grant({ accountId, clientId })
  grant.addOIDCScope([...oidc.requestParamScopes].join(' '))
  await grant.save()
  return grant
}

/** With an ID token of ours in hand the person asked for it already: the form sends itself. Without one it asks. */
function logoutSource(koa: KoaContext, form: string): void {
  koa.body = signOutPage(form, koa.oidc.entities.IdTokenHint !== undefined)
}

function signedOut(koa: KoaContext): void {
  koa.type = 'html'
  koa.body = signedOutPage()
}

/** The library's own description stays out: it may repeat a parameter. */
function renderError(koa: KoaContext): void {
  koa.type = 'html'
  koa.body = errorPage('This sign-in cannot go on', 'It was used already, took too long, or was not begun here.')
}
