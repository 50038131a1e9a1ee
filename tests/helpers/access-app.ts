import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, createRouter, defineEventHandler, eventHandler, toNodeListener } from 'h3'
import { auditEvents } from '#drizzle/schema/sqlite'
import live from '#server/api/v1/live.get'
import me from '#server/api/v1/me.get'
import users from '#server/api/v1/users/index.get'
import user from '#server/api/v1/users/[id].patch'
import { passGate } from '#server/http/gate'
import { identityOf } from '#server/http/identity'
import { serveIdentity } from '#server/http/identity/serve'
import { beginSignIn, finishSignIn } from '#server/http/identity/sign-in'
import { leave } from '#server/http/identity/sign-out'
import { installSessions } from '#server/http/operator'
import { setSecurityHeaders } from '#server/http/security-headers'
import { testContext, type TestContext } from './context'

export interface AccessApp {
  baseUrl: string
  ctx: TestContext
  close(): Promise<void>
}

/** Our handlers in a plain h3 server on a free port: the whole path of a sign-in without Nuxt around it. */
export async function startAccessApp(env: (baseUrl: string) => Promise<Record<string, string>>): Promise<AccessApp> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ctx = testContext({ now: Date.now(), env: { VIGIA_BASE_URL: baseUrl, ...(await env(baseUrl)) } })
  installSessions(ctx)
  const app = createApp()
  app.use(
    eventHandler((event) => {
      event.context.world = ctx
      setSecurityHeaders(event, { https: false, identityOrigin: identityOf(ctx).origin, dev: false })
    }),
  )
  app.use(defineEventHandler(passGate))
  const router = createRouter()
    .get('/auth/login', defineEventHandler(beginSignIn))
    .get('/auth/callback', defineEventHandler(finishSignIn))
    .post('/auth/logout', defineEventHandler(leave))
    .get('/api/v1/live', live)
    .get('/api/v1/me', me)
    .get('/api/v1/users', users)
    .patch('/api/v1/users/:id', user)
    .use('/application/o/**', defineEventHandler(serveIdentity))
    .use(
      '/**',
      defineEventHandler(() => 'a page'),
    )
  app.use(router)
  server.on('request', toNodeListener(app))
  return {
    baseUrl,
    ctx,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      await ctx.close()
    },
  }
}

/** The audit events so far, oldest first: action, and the reason where one is told. */
export const recordedIn = async ({ ctx }: AccessApp): Promise<[action: string, reason: string | undefined][]> =>
  (await ctx.db.select().from(auditEvents)).map(({ action, content }) => [
    action,
    (JSON.parse(content) as { data?: { reason?: string } }).data?.reason,
  ])
