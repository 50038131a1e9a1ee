// Where Chromium is: Playwright's own cache, else the system's. As a program: exits 0 when there is one.
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { chromium } from '@playwright/test'

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export function chromiumPath() {
  return [chromium.executablePath(), ...SYSTEM].find((path) => existsSync(path)) ?? null
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) process.exit(chromiumPath() ? 0 : 1)
