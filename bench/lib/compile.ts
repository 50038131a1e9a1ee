import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { workersIn } from '../../scripts/lib/worker-files'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SIGN_IN = join(ROOT, 'tests/helpers/sign-in-module.ts')

/**
 * A program of `bench/children` as the built portal has its own code: one file, without a loader around it. Its threads
 * have a file each, too. Of the sign-in module and its storage, which exist inside of Nuxt alone, it has the stand-in of the tests. Beside
 * the modules that it loads; `end` removes it.
 */
export async function compileChild(name: string): Promise<{ file: string; end(): Promise<void> }> {
  const cache = join(ROOT, 'node_modules', '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'vigia-bench-'))
  const file = join(folder, `${name}.mjs`)
  await build({
    entryPoints: [join(ROOT, 'bench/children', `${name}.ts`)],
    ...{ outfile: file, bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'error' },
    // Nuxt's own paths for TypeScript name it as a file, which would be taken in.
    external: ['h3'],
    plugins: [workersIn(folder)],
    alias: { 'nuxt-oidc-auth/runtime/server/utils/session.js': SIGN_IN, 'nitropack/runtime': SIGN_IN },
  })
  return { file, end: () => Promise.resolve(rmSync(folder, { recursive: true })) }
}
