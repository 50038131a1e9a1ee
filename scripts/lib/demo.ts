import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startWorld, type World } from '../../world'
import { portalSettings } from '../../world/portal-settings'
import { type Services, startServices } from '../../world/services'
import { ROOT } from './prepare.mjs'

export interface Demo {
  world: World
  services: Services
  env: NodeJS.ProcessEnv & { VIGIA_BOOTSTRAP_TOKEN: string }
}

/** Starts the sample world, with an empty data folder: a demo begins anew each time, because its world has new keys and certificates. */
export async function prepareDemo(name: string): Promise<Demo> {
  const dataDir = join(ROOT, 'data', name)
  rmSync(dataDir, { recursive: true, force: true })
  mkdirSync(dataDir, { recursive: true })
  const [world, services] = await Promise.all([startWorld(), startServices(dataDir)])
  const env = {
    ...process.env,
    AUDIT_INTERVAL_SEC: process.env.AUDIT_INTERVAL_SEC ?? '60',
    VIGIA_BOOTSTRAP_TOKEN: process.env.VIGIA_BOOTSTRAP_TOKEN ?? randomBytes(24).toString('hex'),
    VIGIA_DATA_DIR: dataDir,
    ...portalSettings(world, dataDir),
  }
  return { world, services, env }
}

/** Makes the portal load the sample, and take the events of the services. */
export async function loadSampleInto(baseUrl: string, { services, env }: Demo): Promise<void> {
  const token = env.VIGIA_BOOTSTRAP_TOKEN
  const answer = await fetch(`${baseUrl}/api/v1/demo/load`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
  if (!answer.ok) throw new Error(`The sample world was not loaded: ${await answer.text()}`)
  await services.connect(baseUrl, token)
}
