import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listEvents, type ListOptions, type StandInEvent, type StandInUser } from './answers'

export type { StandInEvent, StandInUser } from './answers'

/** What may go wrong; `null` is well. `headers` are sent with a status. */
export type AuthentikFault =
  | { status: number; headers?: Record<string, string> }
  | 'hangs'
  | 'half-json'
  | 'no-json'
  | 'breaks-off'
  | 'same-page-for-ever'
  | 'empty-pages-for-ever'
  | null

export interface Authentik {
  url: string
  token: string
  /** May be changed while it runs. */
  options: ListOptions
  fault: AuthentikFault
  /** Whether the token may read users. */
  mayReadUsers: boolean
  add(...events: StandInEvent[]): void
  /** Events of a deleted user are deleted as well. */
  remove(pk: string): void
  /** The lists of events asked for so far. */
  asked(): URLSearchParams[]
  /** Called before each answer. */
  onRequest(listener: () => void): void
  close(): Promise<void>
}

/** Authentik's API as far as the portal reads it, on a free port of loopback. */
export async function startAuthentik(users: StandInUser[] = []): Promise<Authentik> {
  const events: StandInEvent[] = []
  const asked: URLSearchParams[] = []
  const listeners: (() => void)[] = []
  const server = createServer((request, response) => {
    listeners.forEach((listener) => listener())
    answer(standIn, { request, response, events, users, asked })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const standIn: Authentik = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'ak-token-of-the-stand-in',
    options: { filter: 'works', zoneOffsetMs: 0, repeatsOnLastPage: true },
    fault: null,
    mayReadUsers: true,
    add: (...more) => void events.push(...more),
    remove: (pk) => void events.splice(0, events.length, ...events.filter((event) => event.pk !== pk)),
    asked: () => asked,
    onRequest: (listener) => void listeners.push(listener),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return standIn
}

interface Call {
  request: IncomingMessage
  response: ServerResponse
  events: StandInEvent[]
  users: StandInUser[]
  asked: URLSearchParams[]
}

function answer(standIn: Authentik, call: Call): void {
  const { request, response } = call
  const { pathname, searchParams } = new URL(request.url!, standIn.url)
  const { fault } = standIn
  if (fault === 'hangs') return
  if (fault === 'breaks-off') return void request.socket.destroy()
  if (fault && typeof fault === 'object') return send(response, fault.status, { detail: 'no' }, fault.headers)
  // 403, not 401, for a token that is missing or not known.
  if (request.headers.authorization !== `Bearer ${standIn.token}`) return send(response, 403, { detail: 'Token invalid/expired' })
  const user = /^\/api\/v3\/core\/users\/(\d+)\/$/.exec(pathname)?.[1]
  if (user !== undefined) return sendUser(standIn, call, Number(user))
  if (pathname !== '/api/v3/events/events/') return send(response, 404, { detail: 'Not found.' })
  call.asked.push(searchParams)
  if (fault === 'same-page-for-ever') return sendForEver(standIn, call, searchParams)
  if (fault === 'empty-pages-for-ever') return sendForEver(standIn, { ...call, events: [] }, searchParams)
  const page = listEvents(call.events, searchParams, standIn.options)
  if (!page) return send(response, 404, { detail: 'Invalid page.' })
  if (fault === null) return send(response, 200, page)
  const text = fault === 'half-json' ? JSON.stringify(page).slice(0, -40) : '<html>Bad gateway</html>'
  response.writeHead(200, { 'content-type': 'application/json' }).end(text)
}

function sendUser({ mayReadUsers }: Authentik, { response, users }: Call, pk: number): void {
  const user = users.find((one) => one.pk === pk)
  if (!mayReadUsers) return send(response, 403, { detail: 'You do not have permission to perform this action.' })
  if (!user) return send(response, 404, { detail: 'Not found.' })
  const groups = user.groups.map((name, n) => ({ pk: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, name }))
  send(response, 200, { pk, groups: groups.map((group) => group.pk), groups_obj: groups })
}

function sendForEver({ options }: Authentik, { response, events }: Call, query: URLSearchParams): void {
  const page = Number(query.get('page') ?? 1)
  query.set('page', '1')
  const first = listEvents(events, query, options) as { pagination: object }
  send(response, 200, { ...first, pagination: { ...first.pagination, next: page + 1, current: page } })
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
