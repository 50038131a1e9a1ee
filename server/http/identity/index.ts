import type { Config } from '#server/platform/config'
import type { Context } from '#server/platform/context'
import { createAttemptLimits } from '#server/services/access'
import { createProvider, embeddedSettings } from './embedded/provider'
import type { EmbeddedProvider } from './embedded/serve'
import { createHandshake, type Handshake } from './handshake'
import { createSignInLimit, type SignInLimit } from './sign-in-limit'

export interface PortalIdentity {
  handshake: Handshake
  limit: SignInLimit
  /** Null when an outside provider is configured. Made at the first need. */
  embedded: (() => Promise<EmbeddedProvider>) | null
  /** Where sign-ins go, for the content security policy. */
  origin: string
}

const made = new WeakMap<Config, PortalIdentity>()

/** The one identity of a process, by its settings. */
export function identityOf(world: Context): PortalIdentity {
  const { config } = world
  let identity = made.get(config)
  if (!identity) {
    const settings = { baseUrl: config.baseUrl, ...(config.oidc ?? embeddedSettings(world)) }
    identity = {
      handshake: createHandshake(settings, world.now),
      limit: createSignInLimit(),
      embedded: config.oidc ? null : once(() => createEmbedded(world)),
      origin: new URL(settings.issuer).origin,
    }
    made.set(config, identity)
  }
  return identity
}

async function createEmbedded(world: Context): Promise<EmbeddedProvider> {
  return { provider: await createProvider(world), limits: createAttemptLimits() }
}

/** Keeps a success, forgets a failure. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let making: Promise<T> | undefined
  return () =>
    (making ??= make().catch((error: unknown) => {
      making = undefined
      throw error
    }))
}
