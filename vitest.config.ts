import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const dir = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: { alias: { '#shared': dir('./shared'), '#server': dir('./server'), '#drizzle': dir('./drizzle') } },
  test: {
    include: [
      '{server,shared,drizzle,world,composables}/**/*.test.ts',
      'tests/{services,api,conformance,platform,servers}/**/*.test.ts',
    ],
    testTimeout: 20_000,
  },
})
