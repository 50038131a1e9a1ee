// What must be there before TypeScript can run: packages, and the built portal. Plain JavaScript, because nothing is installed yet.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const NUXT = join(ROOT, 'node_modules/nuxt/bin/nuxt.mjs')
const INSTALL_STAMP = join(ROOT, 'node_modules/.vigia-installed')
const BUILD_STAMP = join(ROOT, '.output/.vigia-built')
/** What the built portal is made of. */
const SOURCES = [
  'nuxt.config.ts',
  'package-lock.json',
  'app.vue',
  'error.vue',
  'assets',
  'components',
  'composables',
  'drizzle',
  'layouts',
  'middleware',
  'pages',
  'plugins',
  'public',
  'scripts/lib/worker-files.ts',
  'server',
  'shared',
]

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(`Vigia needs Node 20.19 or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

/** Runs a command in the project and stops with its status when it fails. */
export function run(command, args, env = {}) {
  const done = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } })
  if (done.status !== 0) process.exit(done.status ?? 1)
}

/** `npm ci`, only when package-lock.json is not the one that is installed. */
export function install() {
  const wanted = digest(['package-lock.json'])
  if (existsSync(INSTALL_STAMP) && readFileSync(INSTALL_STAMP, 'utf8') === wanted) {
    // Each install makes it: somebody has removed it.
    if (!existsSync(join(ROOT, '.nuxt/tsconfig.json'))) prepareTypes()
    return
  }
  refuseSharedPackages()
  console.error('Installing packages …')
  // JOBS lets the database driver compile on all cores where no ready build can be had.
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { JOBS: 'max' })
  writeFileSync(INSTALL_STAMP, wanted)
}

/** `npm ci` empties the folder first: behind a link it would empty the packages of another work tree. */
function refuseSharedPackages() {
  if (!lstatSync(join(ROOT, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return
  console.error('node_modules is a link and not up to date: install in the work tree that it points to, or remove the link.')
  process.exit(1)
}

/** What lint and types read, from the components and aliases as they are now. */
export function prepareTypes() {
  run(process.execPath, [NUXT, 'prepare', '--logLevel', 'silent'])
}

/** `nuxt build`, only when a source differs from what was built. */
export function build() {
  const wanted = digest(SOURCES)
  if (existsSync(BUILD_STAMP) && readFileSync(BUILD_STAMP, 'utf8') === wanted) return
  console.error('Building the portal …')
  run(process.execPath, [NUXT, 'build', '--logLevel', 'silent'])
  writeFileSync(BUILD_STAMP, wanted)
}

function digest(paths) {
  const hash = createHash('sha256')
  for (const path of paths)
    for (const file of filesOf(path))
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(ROOT, file)))
        .update('\0')
  return hash.digest('hex')
}

function filesOf(path) {
  const absolute = join(ROOT, path)
  if (!existsSync(absolute)) return []
  try {
    const entries = readdirSync(absolute, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
    return entries.flatMap((entry) => (entry.isDirectory() ? filesOf(`${path}/${entry.name}`) : [`${path}/${entry.name}`]))
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path]
    throw error
  }
}
