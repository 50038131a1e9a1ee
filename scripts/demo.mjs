// npm run demo: the portal beside a whole sample provider on loopback, seeded. `--empty` leaves the loading to one click in the browser.
import { build, install, requireNode } from './lib/prepare.mjs'

requireNode()
install()
build()
await import('./run.mjs').then(({ runTypeScript }) => runTypeScript(['scripts/demo.ts', ...process.argv.slice(2)]))
