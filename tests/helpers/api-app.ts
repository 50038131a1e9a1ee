import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, createRouter, eventHandler, type RouterMethod, toNodeListener } from 'h3'
import { ROUTES } from '#server/http/routes'
import type { TestContext } from './context'

export const BEARER = 'a-bearer-for-the-tests-of-the-api-only'

export interface ApiApp {
  /** Where it listens, without a trailing slash. */
  base: string
  /** Calls a route as the bootstrap bearer; a body is sent as JSON. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  close(): Promise<void>
}

/** Every route of the registry in a plain h3 server on a free port, over the world of a test. */
export async function startApiApp(ctx: TestContext): Promise<ApiApp> {
  const app = createApp().use(eventHandler((event) => void (event.context.world = ctx)))
  const router = createRouter()
  for (const [route, handler] of Object.entries(ROUTES)) {
    const [method, path] = route.split(' ') as [string, string]
    router.use(path.replace(/\{(\w+)\}/g, ':$1'), handler, method.toLowerCase() as RouterMethod)
  }
  const server = createServer(toNodeListener(app.use(router))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    base,
    call: (method, path, body, headers = {}) =>
      fetch(base + path, {
        method,
        headers: {
          authorization: `Bearer ${BEARER}`,
          'user-agent': 'test-agent',
          'content-type': 'application/json',
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
