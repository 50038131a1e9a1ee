import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from '../../scripts/lib/prepare.mjs'
import { startPortal, TOKEN } from '../../tests/helpers/portal'

export interface LateMs {
  median: number
  p99: number
  worst: number
}

export interface BenchPortal {
  baseUrl: string
  headers: Record<string, string>
  /** Largest resident size of the server's process so far, MB. */
  rssMb(): number
  /** Processor time of the server's process so far, milliseconds. */
  cpuMs(): number
  /** How late the timers of the server's process came since it was last said to watch, milliseconds. */
  lateMs(): LateMs
  watch(): void
  end(): Promise<void>
}

/** The built portal, started as a user starts it, on the data of `env`. */
export async function startBenchPortal(env: Record<string, string>): Promise<BenchPortal> {
  build()
  const delayFile = join(env.VIGIA_DATA_DIR!, 'loop-delay')
  const preload = new URL('../children/loop-delay.mjs', import.meta.url)
  const portal = await startPortal({ env: { ...env, NODE_OPTIONS: `--import ${preload.href}`, LOOP_DELAY_FILE: delayFile } })
  const pid = serverPid(env.VIGIA_DATA_DIR!)
  return {
    baseUrl: portal.baseUrl,
    headers: { authorization: `Bearer ${TOKEN}` },
    rssMb: () => peakRssMb(pid),
    cpuMs: () => cpuMs(pid),
    watch: () => void process.kill(Number(pid), 'SIGUSR2'),
    lateMs: () => JSON.parse(readFileSync(`${delayFile}.${pid}`, 'utf8')) as LateMs,
    end: () => portal.dispose(),
  }
}

/** The server is a child of the launcher: it is known by its program and its data folder. */
function serverPid(dataDir: string): string {
  const found = readdirSync('/proc').find((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      const of = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8')
      return of('cmdline').includes('.output/server/index.mjs') && of('environ').includes(`VIGIA_DATA_DIR=${dataDir}`)
    } catch {
      // It ended between being listed and being read.
      return false
    }
  })
  if (!found) throw new Error('the process of the portal was not found')
  return found
}

function peakRssMb(pid: string): number {
  const kb = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kb) / 1024
}

/** User and system time (fields 14 and 15 of proc_pid_stat(5)), in ticks of a hundredth of a second. */
function cpuMs(pid: string): number {
  // The name of the program, in brackets, may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
