import type { StandInEvent } from '../authentik'
import { ADMINISTRATOR, ATTACKER_IP, type Person, PEOPLE, fileUserOf, numberOf, usernameOf } from './people'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

export interface MailHappening {
  type: string
  atMs: number
  data: Record<string, unknown>
}
export type FileHappening = { Action: string; Message: string; Time: string } & Record<string, unknown>

/** What happened at the services in the day before `nowMs`, oldest first for each. The same day each time, for it has no chance in it. */
export function yesterday(nowMs: number): { identity: StandInEvent[]; mail: MailHappening[]; files: FileHappening[] } {
  const at = (hoursAgo: number, n = 0) => nowMs - hoursAgo * HOUR_MS + n * 7 * MINUTE_MS
  return { identity: identity(at), mail: mail(at), files: files(at) }
}

type Moment = (hoursAgo: number, n?: number) => number

function identity(at: Moment): StandInEvent[] {
  const admin = { pk: ADMINISTRATOR.pk, username: ADMINISTRATOR.username, email: ADMINISTRATOR.email }
  const byAdmin = { user: admin, ip: ADMINISTRATOR.ip }
  const [target, helped] = [PEOPLE[2]!, PEOPLE[4]!]
  const impersonated = { user: { ...admin, on_behalf_of: by(helped).user }, ip: ADMINISTRATOR.ip, context: {} }
  const told = [
    ...PEOPLE.flatMap((person, n) => [
      { ...by(person), action: 'login', at: at(23, n), context: { auth_method: 'password' } },
      { ...by(person), action: 'authorize_application', at: at(22.9, n), context: { scopes: 'openid email profile' } },
      ...(n % 3 === 0 ? [{ ...by(person), action: 'logout', at: at(15, n), context: {} }] : []),
      { ...by(person), action: 'login', at: at(3, n / 2), context: { auth_method: 'auth_webauthn_pwl' } },
    ]),
    ...Array.from({ length: 9 }, (_, n) => ({
      ...{
        user: { pk: 1, username: 'AnonymousUser', email: '' },
        ip: ATTACKER_IP,
        action: 'login_failed',
        at: at(17) + n * 4_000,
      },
      context: { username: target.email },
    })),
    { ...impersonated, action: 'impersonation_started', at: at(6) },
    { ...impersonated, action: 'impersonation_ended', at: at(5.8) },
    { ...by(PEOPLE[6]!), action: 'password_set', at: at(4), context: {} },
    {
      ...{ ...byAdmin, action: 'model_updated', at: at(2) },
      context: { model: { pk: '12', app: 'authentik_policies_password', name: 'password-policy', model_name: 'passwordpolicy' } },
    },
  ]
  return told.sort((a, b) => a.at - b.at).map(authentikEvent)
}

const by = (person: Person) => ({
  user: { pk: numberOf(person), username: usernameOf(person), email: person.email },
  ip: person.ip,
})

interface Told extends ReturnType<typeof by> {
  action: string
  at: number
  context: object
}

const authentikEvent = ({ user, ip, action, at, context }: Told, n: number): StandInEvent => ({
  pk: `7d5200aa-0000-4e60-9a10-${String(n).padStart(12, '0')}`,
  ...{ user, action, app: 'authentik.events.signals', client_ip: ip },
  context: {
    ...context,
    http_request: { path: '/', method: 'POST', args: {}, user_agent: 'Firefox/139.0', request_id: `r${n}` },
  },
  created: `${new Date(at).toISOString().slice(0, -1)}000Z`,
  brand: { pk: 'ab', app: 'authentik_brands', name: 'authentik', model_name: 'brand' },
})

function mail(at: Moment): MailHappening[] {
  const [target] = [PEOPLE[0]!]
  const told = [
    ...PEOPLE.flatMap((person, n) => [
      {
        type: 'auth.success',
        atMs: at(22, n),
        data: { ...account(person), listenerId: 'imaps', localPort: 993, remoteIp: person.ip },
      },
      ...[21, 12, 2].map((hours) => ({
        ...{ type: 'queue.authenticated-message-queued', atMs: at(hours, n) },
        data: {
          queueId: 9_000 + n * 10 + hours,
          from: person.email,
          to: ['office@partner.example'],
          size: 48_213 + n,
          remoteIp: person.ip,
        },
      })),
    ]),
    ...Array.from({ length: 14 }, (_, n) => ({
      ...{ type: 'auth.failed', atMs: at(5) + n * 2_000 },
      data: {
        ...account(target),
        reason: 'Authentication failed',
        listenerId: 'submissions',
        localPort: 465,
        remoteIp: ATTACKER_IP,
      },
    })),
    { type: 'security.authentication-ban', atMs: at(5) + 30_000, data: { remoteIp: ATTACKER_IP, accountName: target.email } },
    {
      type: 'delivery.failed',
      atMs: at(1),
      data: { queueId: 9_990, to: 'nobody@partner.example', code: 550, hostname: 'mx.partner.example' },
    },
  ]
  return told.sort((a, b) => a.atMs - b.atMs)
}

const account = (person: Person) => ({ accountName: person.email, accountId: numberOf(person) })

function files(at: Moment): FileHappening[] {
  const stranger = at(1.5)
  const told = [
    ...PEOPLE.flatMap((person, n) => {
      const [id, file] = [fileUserOf(person), `1284d238-aa92$9f3c0d1e-2b4a-4c6d-8e0f-a1b2c3d4e5f6!f${n}`]
      const common = { Owner: id, User: id, FileID: file }
      return [
        { ...common, atMs: at(20, n), Action: 'file_create', Message: `user '${id}' created file '${file}'` },
        ...(n % 2
          ? []
          : [{ ...common, atMs: at(11, n), Action: 'file_trash_delete', Message: `user '${id}' trashed file '${file}'` }]),
        ...(n % 4
          ? []
          : [{ ...common, ...link(n), atMs: at(4, n), Action: 'file_shared', Message: `user '${id}' shared file '${file}'` }]),
      ]
    }),
    { ...link(0), User: fileUserOf(PEOPLE[0]!), atMs: stranger, Action: 'public_link_accessed', Message: 'link was accessed' },
  ]
  return told
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ atMs, ...fields }) => ({ ...fields, Time: `${new Date(atMs).toISOString().slice(0, 19)}Z` }))
}

const link = (n: number) => ({ ShareType: 'link', ShareID: `shr-${n}`, SharePass: n % 8 === 0, Permissions: 'stat:true' })
