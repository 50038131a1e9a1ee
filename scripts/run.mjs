// Runs a TypeScript file of this repository with the project's aliases: node scripts/run.mjs FILE [ARG …]
import { spawn } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { install, ROOT } from './lib/prepare.mjs'

/** Hands over to a child: its output, its signals, its exit status. */
export function runTypeScript(args) {
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], { cwd: ROOT, stdio: 'inherit' })
  // Ctrl-C reaches the whole process group by itself: the child decides when it is done.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  install()
  runTypeScript(process.argv.slice(2))
}
