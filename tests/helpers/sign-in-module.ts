import { clearSession, type H3Event, useSession } from 'h3'

// The session half of the sign-in module outside Nuxt: the same h3 sessions under the same settings. The built portal's own tests
// run the module itself.

const settings = () => ({
  name: process.env.NUXT_OIDC_SESSION_COOKIE_NAME!,
  password: process.env.NUXT_OIDC_SESSION_SECRET!,
  cookie: { sameSite: 'lax', secure: process.env.NUXT_OIDC_SESSION_COOKIE_SECURE === 'true' } as const,
})

export async function getUserSession(event: H3Event): Promise<Record<string, unknown>> {
  const { data } = await useSession(event, settings())
  if (Object.keys(data).length === 0) throw new Error('Unauthorized')
  return data
}

export async function getUserSessionId(event: H3Event): Promise<string | undefined> {
  return (await useSession(event, settings())).id
}

export async function setUserSession(event: H3Event, data: Record<string, unknown>): Promise<void> {
  await (await useSession(event, settings())).update(data)
}

let storage: { removeItem(key: string): unknown } | undefined

export async function clearUserSession(event: H3Event): Promise<void> {
  await storage?.removeItem((await getUserSessionId(event))!)
  await clearSession(event, settings())
}

export const sessionHooks = { hook: () => {} }

export const useStorage = () => ({
  mount(_: string, driver: { removeItem(key: string): unknown }) {
    storage = driver
  },
})
