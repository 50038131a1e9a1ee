import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const START_MS = 15_000
const STOP_MS = 5_000
const TRIES = 5

/** Where a server lives: a temporary folder of its own and a port of a loopback address. */
export interface Place {
  dir: string
  host: string
  port: number
}

export interface ServerPlan {
  /** 127.0.0.1 when not given. */
  host?: string
  /** A free one when not given. */
  port?: number
  /** The program's whole path; see `requireProgram`. */
  program: string
  args(place: Place): string[]
  /** Made after `files` are written and before the program starts; keys, signatures, rights. */
  prepare?(place: Place): Promise<void> | void
  /** Texts by their path within the folder. */
  files?(place: Place): Record<string, string>
}

export interface ServerProcess extends Place {
  /** What it has written to its output so far. */
  output(): string
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

/** @throws Error when the program is not there: tests/servers is run by `npm test -- servers`, which installs it or leaves the test out. */
export function requireProgram(path: string): string {
  if (!existsSync(path)) throw new Error(`${path} is not installed here; "npm test -- servers" installs it where it can`)
  return path
}

/**
 * Starts a server in the foreground and waits until its port takes connections; on another port when it ends by itself.
 * @throws Error with its output when it does not come up.
 */
export async function startServerProcess(plan: ServerPlan): Promise<ServerProcess> {
  let output = ''
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const { host = '127.0.0.1', port = await freePort(host) } = plan
    const place = { dir: await mkdtemp(join(tmpdir(), 'vigia-server-')), host, port }
    await writeFiles(place, plan.files?.(place) ?? {})
    await plan.prepare?.(place)
    const child = spawn(plan.program, plan.args(place), { cwd: place.dir, stdio: ['ignore', 'pipe', 'pipe'] })
    output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', (error) => (output += error.message))
    const stop = async () => {
      await end(child)
      await rm(place.dir, { recursive: true, force: true })
    }
    if (await comesUp(child, place)) return { ...place, output: () => output, stop }
    const isHanging = isRunning(child)
    await stop()
    if (isHanging) break
  }
  throw new Error(`${plan.program} did not come up:\n${output}`)
}

async function writeFiles({ dir }: Place, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
}

/** A port that was free a moment ago; who takes it meanwhile makes the server end, and then another one is tried. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

async function comesUp(child: ChildProcess, place: Place): Promise<boolean> {
  const until = Date.now() + START_MS
  while (Date.now() < until && isRunning(child)) {
    if (await takesConnections(place)) return isRunning(child)
    await pause(50)
  }
  return false
}

function takesConnections({ host, port }: Place): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}

const isRunning = (child: ChildProcess) => child.pid !== undefined && child.exitCode === null && child.signalCode === null

async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(kill)
}
