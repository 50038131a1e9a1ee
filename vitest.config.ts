import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const dir = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: { alias: { '#shared': dir('./shared'), '#server': dir('./server'), '#drizzle': dir('./drizzle') } },
  test: {
    // By itself it would leave one of two cores idle.
    maxWorkers: 2,
    include: [
      '{server,shared,drizzle,world,composables}/**/*.test.ts',
      'tests/{services,api,conformance,platform,servers}/**/*.test.ts',
    ],
    // Far above what anything here takes: a busy machine is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
