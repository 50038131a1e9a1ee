import tailwindcss from '@tailwindcss/vite'
import { fileURLToPath } from 'node:url'

const dir = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineNuxtConfig({
  compatibilityDate: '2026-11-01',
  future: { compatibilityVersion: 4 },
  ssr: false,
  telemetry: false,
  modules: ['@nuxt/eslint'],
  srcDir: '.',
  alias: { '#shared': dir('./shared'), '#server': dir('./server'), '#drizzle': dir('./drizzle') },
  components: [{ path: '~/components' }],
  vite: { plugins: [tailwindcss()] },
  nitro: {
    experimental: { tasks: true },
  },
  // Production alone: in dev the scheduler is off (each reload would start another one); `/_nitro/tasks/checks:cycle` there ticks once.
  // Nitro starts no schedule where TEST is set in the environment. A tick that is still at work is joined, not doubled.
  $production: {
    nitro: { scheduledTasks: { '*/5 * * * * *': ['checks:cycle'] } },
  },
  typescript: { strict: true },
})
