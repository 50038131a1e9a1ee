// npm run dev: the portal with reload on change, beside the sample world.
import { install, requireNode } from './lib/prepare.mjs'

requireNode()
install()
await import('./run.mjs').then(({ runTypeScript }) => runTypeScript(['scripts/dev.ts']))
