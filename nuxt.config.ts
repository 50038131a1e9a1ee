import tailwindcss from '@tailwindcss/vite'
import { fileURLToPath } from 'node:url'
import { workerFiles } from './scripts/lib/worker-files'

const dir = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineNuxtConfig({
  compatibilityDate: '2026-11-01',
  future: { compatibilityVersion: 4 },
  ssr: false,
  telemetry: false,
  modules: ['@nuxt/eslint', 'nuxt-oidc-auth'],
  // Session and composables alone; `server/http/identity` makes the handshake. Without a provider here none of the module's own
  // sign-in routes exist. Secret, cookie name and Secure come from the settings at run time (`server/http/operator.ts`).
  oidc: {
    providers: {},
    middleware: { globalMiddlewareEnabled: false, customLoginPage: true, customLogoutPage: true },
    session: { cookieName: 'vigia', maxAge: 12 * 60 * 60, cookie: { sameSite: 'lax', secure: true } },
    // It would print the secrets that it makes up.
    provideDefaultSecrets: false,
    devtools: false,
  },
  // The session comes in a cookie only, never in a header of its own.
  runtimeConfig: { oidc: { session: { sessionHeader: false } } },
  srcDir: '.',
  alias: { '#shared': dir('./shared'), '#server': dir('./server'), '#drizzle': dir('./drizzle') },
  components: [{ path: '~/components' }],
  app: {
    head: {
      // Before the first paint, and as a file: the content security policy allows no inline script.
      script: [{ src: '/theme.js' }],
      link: [{ rel: 'icon', type: 'image/svg+xml', href: '/favicon.svg' }],
      meta: [{ name: 'color-scheme', content: 'light dark' }],
    },
  },
  vite: { plugins: [tailwindcss()] },
  nitro: {
    experimental: { tasks: true },
    compressPublicAssets: true,
    rollupConfig: { output: {}, plugins: [workerFiles()] },
  },
  // Production alone: in dev the scheduler is off (each reload would start another one); `/_nitro/tasks/checks:cycle` there ticks once.
  // Nitro starts no schedule where TEST is set in the environment. A tick that is still at work is joined, not doubled.
  $production: {
    nitro: { scheduledTasks: { '*/5 * * * * *': ['checks:cycle', 'ingest:tick'] } },
  },
  typescript: { strict: true },
})
