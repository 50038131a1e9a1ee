import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { World } from '../../world'
import { portalSettings } from '../../world/portal-settings'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const TOKEN = 'a-bearer-for-the-tests-of-the-portal-only'

export interface PortalOptions {
  /** Checks look at this world, and its sample may be loaded. */
  world?: World
  env?: Record<string, string>
}

/** A built portal, started as a user starts it, on a free port with a data folder of its own. */
export interface TestPortal {
  baseUrl: string
  dataDir: string
  /** The first operator of the embedded provider. */
  operator: { username: string; password: string }
  /** All that it has printed so far. */
  output(): string
  /** Calls the API with the bootstrap bearer. */
  api(path: string, init?: RequestInit & { json?: unknown }): Promise<Response>
  /** SIGTERM, and waits for the end. Returns the exit status. */
  stop(): Promise<number | null>
  /** Starts again on the same data. */
  restart(): Promise<void>
  /** Ends it and removes its data. */
  dispose(): Promise<void>
}

export async function startPortal({ world, env = {} }: PortalOptions = {}): Promise<TestPortal> {
  const dataDir = mkdtempSync(join(tmpdir(), 'vigia-portal-'))
  const port = await freePort()
  const baseUrl = `http://127.0.0.1:${port}`
  const settings = {
    PORT: String(port),
    VIGIA_DATA_DIR: dataDir,
    VIGIA_BOOTSTRAP_TOKEN: TOKEN,
    ...(world && portalSettings(world, dataDir)),
    ...env,
  }
  let output = ''
  let child = await launch(settings, baseUrl, (text) => (output += text))
  const found = /First operator \(shown once\): +(\S+) +(\S+)/.exec(output)
  return {
    baseUrl,
    dataDir,
    operator: { username: found?.[1] ?? '', password: found?.[2] ?? '' },
    output: () => output,
    api: (path, { json, ...init } = {}) =>
      fetch(baseUrl + path, {
        ...init,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...init.headers,
        },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      }),
    stop: () => end(child),
    async restart() {
      child = await launch(settings, baseUrl, (text) => (output += text))
    },
    async dispose() {
      await end(child)
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function launch(
  settings: Record<string, string>,
  baseUrl: string,
  onOutput: (text: string) => void,
): Promise<ChildProcess> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VIGIA_|VITEST|TEST$|NODE_ENV|PORT$|HOST$)/.test(name)),
  )
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/launch.ts'], {
    cwd: ROOT,
    env: { ...inherited, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.on('data', (chunk) => onOutput(String(chunk)))
  child.stderr.on('data', (chunk) => onOutput(String(chunk)))
  while (child.exitCode === null) {
    const answer = await fetch(`${baseUrl}/_health`).catch(() => null)
    if (answer?.ok) return child
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error(`the portal did not start: exit status ${child.exitCode}`)
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGTERM')
    await ended
  }
  return child.exitCode
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}
