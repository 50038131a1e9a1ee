import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { withWorkers } from '../../scripts/lib/worker-files'

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

/** The programs of threads, as the build of the portal places them. */
const workersIn = (folder: string): Plugin => ({
  name: 'worker-files',
  setup: ({ onLoad }) =>
    onLoad({ filter: /threads\.ts$/ }, async ({ path }) => {
      const code = readFileSync(path, 'utf8')
      const { placed, files } = await withWorkers(code, path, (fileName) => `new URL('./${fileName}', import.meta.url)`)
      for (const { fileName, source } of files) {
        mkdirSync(join(folder, dirname(fileName)), { recursive: true })
        writeFileSync(join(folder, fileName), source)
      }
      return { contents: placed, loader: 'ts' }
    }),
})
