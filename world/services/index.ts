import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { startAuthentik } from '../authentik'
import { OcisAuditLog } from '../ocis/audit-log'
import { StalwartSender } from '../stalwart/webhook-sender'
import { yesterday } from './day'
import { PEOPLE, fileUserOf, numberOf } from './people'

/** The identity provider, the mail server and the file server of the sample provider, as far as their audit logs go. */
export interface Services {
  /**
   * Sets a portal up to take their events, and sends what the mail server has to tell. The sample has to be loaded: an event gets its tenant
   * when it is taken.
   */
  connect(baseUrl: string, bearer: string): Promise<void>
  close(): Promise<void>
}

/** Starts them on loopback with the events of a day; the file server's log is written into `folder`. */
export async function startServices(folder: string): Promise<Services> {
  const day = yesterday(Date.now())
  const authentik = await startAuthentik(PEOPLE.map((person) => ({ pk: numberOf(person), groups: [person.tenant] })))
  authentik.add(...day.identity)
  const log = new OcisAuditLog(join(folder, 'ocis-audit.log'))
  for (const line of day.files) await log.write(line)
  const key = randomBytes(24).toString('hex')
  const settings = {
    authentik: { url: authentik.url, token: authentik.token },
    ocis: { path: log.path, users: Object.fromEntries(PEOPLE.map((person) => [fileUserOf(person), person.tenant])) },
    stalwart: { secrets: [key] },
  }
  return {
    async connect(baseUrl, bearer) {
      for (const [id, values] of Object.entries(settings)) await configure({ baseUrl, bearer }, id, values)
      const sender = new StalwartSender({ url: () => `${baseUrl}/ingest/stalwart/webhook`, key, throttleMs: 100 })
      for (const { type, atMs, data } of day.mail) sender.emit(type, JSON.stringify(data), new Date(atMs).toISOString())
      await sender.drain(AbortSignal.timeout(30_000))
      if (sender.left > 0) throw new Error('The portal did not take the events of the mail server')
    },
    close: () => authentik.close(),
  }
}

async function configure(portal: { baseUrl: string; bearer: string }, id: string, settings: object): Promise<void> {
  const url = `${portal.baseUrl}/api/v1/audit/sources`
  const authorization = `Bearer ${portal.bearer}`
  const listed = await fetch(url, { headers: { authorization } })
  const { sources } = (await listed.json()) as { sources: { id: string; version: number }[] }
  const version = sources.find((source) => source.id === id)?.version
  const answer = await fetch(`${url}/${id}`, {
    ...{ method: 'PATCH', headers: { authorization, 'content-type': 'application/json' } },
    body: JSON.stringify({ version, settings }),
  })
  if (!answer.ok) throw new Error(`Source ${id} was not set up: ${await answer.text()}`)
}
