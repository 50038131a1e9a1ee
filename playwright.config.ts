import { defineConfig } from '@playwright/test'
import { chromiumPath } from './scripts/lib/chromium.mjs'

export default defineConfig({
  testDir: './tests/e2e',
  outputDir: './test-results/browser',
  // One for each of two cores; each has a portal and a world of its own.
  workers: 2,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  retries: 0,
  use: {
    launchOptions: {
      executablePath: chromiumPath() ?? undefined,
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
    // A trace of every step would slow all tests down; `npx playwright test FILE --trace on` makes one.
    screenshot: 'only-on-failure',
  },
})
