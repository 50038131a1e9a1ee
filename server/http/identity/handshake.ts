import * as client from 'openid-client'
import type { Identity } from '#server/services/access'
import { isLoopback } from '../loopback'
import { HandshakeError, reasonOf } from './handshake-error'

export interface HandshakeSettings {
  /** As configured, with or without a slash at its end. */
  issuer: string
  clientId: string
  clientSecret: string
  /** Where the portal is reached, without a trailing slash. */
  baseUrl: string
}

/** What the browser carries, sealed, from the start of a sign-in to its callback. */
export interface PendingSignIn {
  state: string
  nonce: string
  verifier: string
}

export interface SignedIn {
  identity: Identity
  idToken: string | null
  refreshToken: string | null
  /** Milliseconds for which the provider vouches for this, one minute to one hour. */
  freshForMs: number
}

/** The OpenID Connect code flow with PKCE. Every verb throws HandshakeError and nothing else. */
export interface Handshake {
  begin(options: { again: boolean }): Promise<{ url: string; pending: PendingSignIn }>
  finish(callback: URL, pending: PendingSignIn): Promise<SignedIn>
  refresh(refreshToken: string, subject: string): Promise<SignedIn>
  /** Null when the provider knows no sign-out. */
  endSessionUrl(idToken: string | null): Promise<string | null>
}

const TIMEOUT_SEC = 8
const METADATA_AGE_MS = 60 * 60_000
/** Groups come in `profile` (Authentik); a refresh token only with `offline_access`. */
const SCOPE = 'openid profile email offline_access'

export function createHandshake(settings: HandshakeSettings, now: () => number): Handshake {
  const configuration = cachedDiscovery(settings, now)
  /** Nothing of openid-client's errors goes on: their causes carry tokens and claims. */
  const guarded = async <T>(work: (config: client.Configuration) => Promise<T>): Promise<T> => {
    try {
      return await work(await configuration())
    } catch (error) {
      throw new HandshakeError(reasonOf(error))
    }
  }
  return {
    begin: ({ again }) => guarded((config) => begin(config, settings, again)),
    finish: (callback, pending) => guarded((config) => finish(config, callback, pending)),
    refresh: (refreshToken, subject) => guarded((config) => refresh(config, refreshToken, subject)),
    endSessionUrl: (idToken) =>
      guarded(async (config) => {
        if (!config.serverMetadata().end_session_endpoint) return null
        const back = `${settings.baseUrl}/auth/signed-out`
        const parameters = new URLSearchParams({ post_logout_redirect_uri: back })
        if (idToken) parameters.set('id_token_hint', idToken)
        return client.buildEndSessionUrl(config, parameters).href
      }),
  }
}

async function begin(config: client.Configuration, { baseUrl }: HandshakeSettings, again: boolean) {
  const pending = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() }
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: `${baseUrl}/auth/callback`,
    scope: SCOPE,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    ...(again && { prompt: 'login' }),
  })
  return { url: url.href, pending }
}

async function finish(config: client.Configuration, callback: URL, pending: PendingSignIn): Promise<SignedIn> {
  const tokens = await client.authorizationCodeGrant(config, callback, {
    expectedState: pending.state,
    expectedNonce: pending.nonce,
    pkceCodeVerifier: pending.verifier,
    idTokenExpected: true,
  })
  return signedIn(config, tokens, tokens.claims()!.sub)
}

async function refresh(config: client.Configuration, refreshToken: string, subject: string): Promise<SignedIn> {
  const tokens = await client.refreshTokenGrant(config, refreshToken)
  const claims = tokens.claims()
  if (claims && claims.sub !== subject) throw new HandshakeError('subject')
  return signedIn(config, tokens, subject)
}

type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>

/** Userinfo is asked each time, its `sub` checked: an ID token need not carry the groups. */
async function signedIn(config: client.Configuration, tokens: Tokens, subject: string): Promise<SignedIn> {
  const claims = { ...tokens.claims(), ...(await client.fetchUserInfo(config, tokens.access_token, subject)) }
  const freshForSec = Math.min(Math.max(tokens.expires_in ?? 300, 60), 3600)
  return {
    identity: {
      issuer: config.serverMetadata().issuer,
      subject,
      email: typeof claims.email === 'string' ? claims.email.slice(0, 254) : null,
      name: textOf(claims.name) ?? textOf(claims.preferred_username),
      groups: Array.isArray(claims.groups) ? claims.groups.filter((group) => typeof group === 'string') : [],
    },
    idToken: tokens.id_token ?? null,
    refreshToken: tokens.refresh_token ?? null,
    freshForMs: freshForSec * 1000,
  }
}

const textOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : null)

const isTimeout = (error: unknown) => error instanceof client.ClientError && error.code === 'OAUTH_TIMEOUT'

/** Asked at the first need, kept for an hour; tried twice unless it took too long already; a failure is not kept. */
function cachedDiscovery(settings: HandshakeSettings, now: () => number): () => Promise<client.Configuration> {
  let known: { config: Promise<client.Configuration>; until: number } | undefined
  return () => {
    if (known && known.until > now()) return known.config
    const config = discover(settings).catch((error: unknown) => (isTimeout(error) ? Promise.reject(error) : discover(settings)))
    const mine = { config, until: now() + METADATA_AGE_MS }
    known = mine
    config.catch(() => {
      if (known === mine) known = undefined
    })
    return config
  }
}

async function discover({ issuer, clientId, clientSecret }: HandshakeSettings): Promise<client.Configuration> {
  const configured = new URL(issuer)
  const local = configured.protocol === 'http:' && isLoopback(configured.hostname)
  const document = new URL(`${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`)
  const config = await client.discovery(document, clientId, clientSecret, undefined, {
    timeout: TIMEOUT_SEC,
    execute: [client.enableNonRepudiationChecks, ...(local ? [client.allowInsecureRequests] : [])],
  })
  if (!isSameIssuer(config.serverMetadata().issuer, configured)) throw new HandshakeError('issuer')
  return config
}

/** Authentik's global mode names the host alone as the issuer, though its document stays under the application's path. */
function isSameIssuer(named: string, configured: URL): boolean {
  const trimmed = (url: string) => url.replace(/\/+$/, '')
  return trimmed(named) === trimmed(configured.href) || trimmed(named) === configured.origin
}
