// npm test: sets up what the tests need, then verify, unit and service tests, real servers, API tests, and the browser. `npm test -- NAME …` runs some of the stages.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, install, prepareTypes, requireNode, ROOT } from './lib/prepare.mjs'
import { prepareServers } from './lib/servers.mjs'

const REPORTS = join(ROOT, 'test-results')
const totals = { passed: 0, failed: 0 }

const STAGES = {
  verify: () => {
    prepareTypes()
    return Promise.all(['format:check', 'lint', 'typecheck', 'unused'].map(npmRun))
  },
  units: () =>
    vitest('units', [
      'server/',
      'shared/',
      'drizzle/',
      'world/',
      'composables/',
      'tests/services',
      'tests/platform',
      'tests/conformance',
    ]),
  servers: () => {
    const { paths, leftOut } = prepareServers()
    if (paths.length > 0) vitest('servers', paths)
    for (const name of leftOut)
      console.log(`LEFT OUT: the tests with a real ${name}, which is not installed and cannot be installed here.`)
  },
  api: () => {
    build()
    vitest('api', ['tests/api'])
  },
  browser: () => {
    build()
    if (ensureBrowser()) playwright()
  },
}

requireNode()
install()
rmSync(REPORTS, { recursive: true, force: true })
mkdirSync(REPORTS, { recursive: true })
const wanted = process.argv.slice(2)
for (const name of wanted.length > 0 ? wanted : Object.keys(STAGES)) {
  console.log(`\n== ${name}`)
  await STAGES[name]()
}
console.log(`\n${totals.passed} passed, ${totals.failed} failed`)
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0)

function attempt(name, command, args, env = {}) {
  const started = Date.now()
  const done = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } })
  tally(name, done.status === 0, started)
}

/** Side by side with others: each uses one core. What it prints comes in one piece. */
async function npmRun(script) {
  const started = Date.now()
  const child = spawn('npm', ['run', '--silent', script], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text))
  const [status] = await once(child, 'close')
  if (status !== 0) console.log(said)
  tally(script, status === 0, started)
}

function tally(name, good, started) {
  console.log(`${name}: ${good ? 'good' : 'FAILED'} after ${Math.round((Date.now() - started) / 1000)} s`)
  if (good) totals.passed += 1
  else totals.failed += 1
}

function vitest(name, paths) {
  const report = join(REPORTS, `vitest-${name}.json`)
  const vitestBin = join(ROOT, 'node_modules/vitest/vitest.mjs')
  attempt(`vitest ${name}`, process.execPath, [
    vitestBin,
    'run',
    ...paths,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const { numPassedTests, numFailedTests } = readReport(report)
  totals.passed += numPassedTests ?? 0
  totals.failed += numFailedTests ?? 0
}

function playwright() {
  const report = join(REPORTS, 'playwright.json')
  const cli = join(ROOT, 'node_modules/@playwright/test/cli.js')
  attempt('playwright', process.execPath, [cli, 'test', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_NAME: report })
  const { stats } = readReport(report)
  totals.passed += stats?.expected ?? 0
  totals.failed += stats?.unexpected ?? 0
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}

/** Playwright's own Chromium, else the system's, else one is installed: from Debian's packages as root, otherwise by Playwright. */
function ensureBrowser() {
  const find = () => spawnSync(process.execPath, [join(ROOT, 'scripts/lib/chromium.mjs')], { cwd: ROOT }).status === 0
  if (find()) return true
  console.log('Installing Chromium …')
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    spawnSync('apt-get', ['update', '-q'], { stdio: 'inherit' })
    spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  }
  if (!find())
    spawnSync(process.execPath, [join(ROOT, 'node_modules/@playwright/test/cli.js'), 'install', 'chromium'], {
      cwd: ROOT,
      stdio: 'inherit',
    })
  if (find()) return true
  console.error('The browser tests need Chromium, and none could be installed here.')
  totals.failed += 1
  return false
}
