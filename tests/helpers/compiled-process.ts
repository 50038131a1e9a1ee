import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { workersIn } from '../../scripts/lib/worker-files'

const ROOT = join(import.meta.dirname, '..', '..')

/** What a bundle cannot hold is loaded from where it stands; packages of the older kind ask for it by `require`. */
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)`

/** A program of tests/fixtures, compiled. */
export const compileFixture = (name: string) => compileProgram(join('tests', 'fixtures', `${name}.ts`))

/** A program of this repository, compiled once into one file, and one for each thread: twenty processes would each do it again, and look for each module. `remove` it. */
export async function compileProgram(path: string): Promise<{ file: string; remove(): void }> {
  const cache = join(ROOT, 'node_modules', '.cache')
  mkdirSync(cache, { recursive: true })
  const file = join(mkdtempSync(join(cache, 'vigia-test-')), 'program.mjs')
  await build({
    entryPoints: [join(ROOT, path)],
    ...{ outfile: file, bundle: true, platform: 'node', format: 'esm', external: ['better-sqlite3'], banner: { js: REQUIRE } },
    plugins: [workersIn(dirname(file))],
  })
  return { file, remove: () => rmSync(dirname(file), { recursive: true }) }
}

/** A process of its own that says `ready`, waits for its `go` and says `begun`. */
export class CompiledProcess {
  private readonly child: ChildProcess
  private readonly lines: AsyncIterator<string>

  constructor(file: string, ...args: string[]) {
    this.child = spawn(process.execPath, [file, ...args], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] })
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]()
  }

  async begin(): Promise<void> {
    await this.expect('ready')
    this.child.stdin!.write('go\n')
    await this.expect('begun')
  }

  async says(): Promise<string> {
    return String((await this.lines.next()).value)
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.ended()
  }

  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit')
    return this.child.exitCode
  }

  private async expect(line: string): Promise<void> {
    const said = await this.says()
    if (said !== line) throw new Error(`The process said ${said} in place of ${line}`)
  }
}
