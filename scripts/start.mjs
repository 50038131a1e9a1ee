// npm start: installs and builds what is missing, migrates, starts. A second start takes seconds.
import { build, install, requireNode } from './lib/prepare.mjs'

requireNode()
install()
build()
await import('./run.mjs').then(({ runTypeScript }) => runTypeScript(['scripts/launch.ts']))
