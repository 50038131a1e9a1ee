import { basename, dirname, join, resolve } from 'node:path'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { build, type Plugin } from 'esbuild'

const PROGRAM = /new URL\('(\.\/[\w-]+\.ts)', import\.meta\.url\)/g
const PLACED = /new URL\((['"])worker-file:([^'"]+)\1\)/g

/** What Rollup hands to a plugin, as far as this one uses it. */
interface Emitter {
  emitFile(file: { type: 'asset'; fileName: string; source: string }): string
}

/**
 * Gives each thread's program, written `new URL('./worker.ts', import.meta.url)` where it is started, a file of its own beside the
 * built server. By itself, not as one of its chunks: those share a file that starts the server. The address is relative to the
 * server's entry, because that is what Nitro makes of `import.meta.url`; it is right once the server runs, not while it loads.
 */
export function workerFiles() {
  return {
    name: 'worker-files',
    async transform(this: Emitter, code: string, importer: string) {
      if (!importer.endsWith('.ts')) return null
      const { placed, files } = await withWorkers(code, importer, (fileName) => `new URL('worker-file:${fileName}')`)
      for (const file of files) this.emitFile({ type: 'asset', ...file })
      return placed === code ? null : { code: placed, map: null }
    },
    renderChunk(code: string) {
      const located = code.replace(PLACED, (_, _quote, file: string) => `new URL('./${file}', import.meta.url)`)
      return located === code ? null : { code: located, map: null }
    },
  }
}

/** The same for a program that esbuild makes into one file of `folder`. */
export const workersIn = (folder: string): Plugin => ({
  name: 'worker-files',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const code = readFileSync(path, 'utf8')
      const { placed, files } = await withWorkers(code, path, (fileName) => `new URL('./${fileName}', import.meta.url)`)
      for (const { fileName, source } of files) {
        mkdirSync(join(folder, dirname(fileName)), { recursive: true })
        writeFileSync(join(folder, fileName), source)
      }
      return files.length > 0 ? { contents: placed, loader: 'ts' } : undefined
    }),
})

/** The code with each thread's program under the address that it gets, and these programs, bundled. */
async function withWorkers(code: string, importer: string, addressOf: (fileName: string) => string) {
  const files: { fileName: string; source: string }[] = []
  let placed = code
  for (const [expression, path] of code.matchAll(PROGRAM)) {
    const entry = resolve(dirname(importer), path!)
    const fileName = `workers/${basename(dirname(entry))}-${basename(entry, '.ts')}.mjs`
    files.push({ fileName, source: await bundled(entry) })
    placed = placed.replace(expression, addressOf(fileName))
  }
  return { placed, files }
}

async function bundled(entry: string): Promise<string> {
  const options = { bundle: true, write: false, platform: 'node', format: 'esm', packages: 'external' } as const
  const { outputFiles } = await build({ entryPoints: [entry], ...options })
  return outputFiles[0]!.text
}
