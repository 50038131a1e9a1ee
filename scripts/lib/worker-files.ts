import { basename, dirname, posix, resolve } from 'node:path'
import type { Plugin } from 'rollup'

const PROGRAM = /new URL\((['"])(\.\/[\w-]+\.ts)\1, import\.meta\.url\)/g

/**
 * Gives each thread's program, written `new URL('./worker.ts', import.meta.url)` where it is started, a file of its own in the built
 * server. The address is put in last: Nitro lowers `import.meta` on the way.
 */
export function workerFiles(): Plugin {
  const fileOf = (id: string) => `workers/${basename(dirname(id))}-${basename(id, '.ts')}.mjs`
  return {
    name: 'worker-files',
    transform(code, importer) {
      if (!importer.endsWith('.ts') || !code.includes('new URL(')) return null
      const placed = code.replace(PROGRAM, (_, _quote, path: string) => {
        const id = resolve(dirname(importer), path)
        this.emitFile({ type: 'chunk', id, fileName: fileOf(id) })
        return `new URL('worker-file:${fileOf(id)}')`
      })
      return placed === code ? null : { code: placed, map: null }
    },
    renderChunk(code, chunk) {
      const located = code.replace(/new URL\((['"])worker-file:([^'"]+)\1\)/g, (_, _quote, file: string) => {
        const from = posix.relative(posix.dirname(chunk.fileName), file)
        return `new URL(${JSON.stringify(from.startsWith('.') ? from : `./${from}`)}, import.meta.url)`
      })
      return located === code ? null : { code: located, map: null }
    },
  }
}
