import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startWorld, type World } from '../../world'
import { portalSettings } from '../../world/portal-settings'
import { ROOT } from './prepare.mjs'

export interface Demo {
  world: World
  env: NodeJS.ProcessEnv & { VIGIA_BOOTSTRAP_TOKEN: string }
}

/** Starts the sample world, with an empty data folder: a demo begins anew each time, because its world has new keys and certificates. */
export async function prepareDemo(name: string): Promise<Demo> {
  const dataDir = join(ROOT, 'data', name)
  rmSync(dataDir, { recursive: true, force: true })
  mkdirSync(dataDir, { recursive: true })
  const world = await startWorld()
  const env = {
    ...process.env,
    AUDIT_INTERVAL_SEC: process.env.AUDIT_INTERVAL_SEC ?? '60',
    VIGIA_BOOTSTRAP_TOKEN: process.env.VIGIA_BOOTSTRAP_TOKEN ?? randomBytes(24).toString('hex'),
    VIGIA_DATA_DIR: dataDir,
    ...portalSettings(world, dataDir),
  }
  return { world, env }
}

/** Makes the portal load the sample. */
export async function loadSampleInto(baseUrl: string, token: string): Promise<void> {
  const answer = await fetch(`${baseUrl}/api/v1/demo/load`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
  if (!answer.ok) throw new Error(`The sample world was not loaded: ${await answer.text()}`)
}
