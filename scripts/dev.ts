// Starts `nuxt dev` beside the sample world, seeded, and ticks the scheduler, which Nitro leaves off in dev.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fail } from './lib/cli'
import { loadSampleInto, prepareDemo } from './lib/demo'
import { loadEnvFile, prepareStart, whenHealthy } from './lib/launch'
import { ROOT } from './lib/prepare.mjs'

const TICK_MS = 5_000
const TASKS = ['checks:cycle', 'ingest:tick']

try {
  loadEnvFile()
  const demo = await prepareDemo('dev')
  const { baseUrl, host, port } = await prepareStart(demo.env)
  const nuxt = [join(ROOT, 'node_modules/nuxt/bin/nuxt.mjs'), 'dev', '--host', host, '--port', String(port)]
  const child = spawn(process.execPath, nuxt, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: demo.env })
  child.on('exit', (code) => process.exit(code ?? 0))
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  await whenHealthy(baseUrl)
  await loadSampleInto(baseUrl, demo)
  const tick = (task: string) => void fetch(`${baseUrl}/_nitro/tasks/${task}`).catch(() => null)
  setInterval(() => TASKS.forEach(tick), TICK_MS)
} catch (error) {
  fail(error)
}
