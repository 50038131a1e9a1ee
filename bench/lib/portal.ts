import { readdirSync, readFileSync } from 'node:fs'
import { build } from '../../scripts/lib/prepare.mjs'
import { startPortal, TOKEN } from '../../tests/helpers/portal'

export interface BenchPortal {
  baseUrl: string
  headers: Record<string, string>
  /** Largest resident size of the server's process so far, MB. */
  rssMb(): number
  end(): Promise<void>
}

/** The built portal, started as a user starts it, on the data of `env`. */
export async function startBenchPortal(env: Record<string, string>): Promise<BenchPortal> {
  build()
  const portal = await startPortal({ env })
  return {
    baseUrl: portal.baseUrl,
    headers: { authorization: `Bearer ${TOKEN}` },
    rssMb: () => peakRssMb(serverPid(env.VIGIA_DATA_DIR!)),
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
