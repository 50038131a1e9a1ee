// npm run check -- DOMAIN… : the scorecard of a domain in a terminal. See scripts/check/arguments.ts for the options.
import { setMaxListeners } from 'node:events'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { main } from './check/main'

const stop = new AbortController()
// Every check under way listens.
setMaxListeners(0, stop.signal)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
// A list that is still being typed.
stop.signal.addEventListener('abort', () => process.stdin.destroy(), { once: true })
// The reader has enough (`| head -1`): no fault, and nobody is left to tell.
let left = false
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  left = true
  stop.abort()
})

const status = await main({
  argv: process.argv.slice(2),
  env: process.env,
  isTty: process.stdout.isTTY === true,
  out: (written) => void process.stdout.write(written),
  error: (written) => void process.stderr.write(written),
  readList: (path) => (path === '-' ? text(process.stdin) : readFile(path, 'utf8')),
  stop: stop.signal,
})
process.exitCode = left ? 0 : status
