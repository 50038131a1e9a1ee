import type { Database, Db } from '#drizzle/client'
import type { Role } from '#shared/permissions'
import type { Config } from './config'
import type { DnsClient } from './dns/types'
import type { HttpClient, TlsClient } from './http/types'
import type { Logger } from './log'
import type { MailClient } from './mail/types'
import type { SecretBox } from './secrets'

/** Who acts. A person, the portal itself, or a program with a bearer token. */
export interface Actor {
  type: 'user' | 'system' | 'service'
  id: string
  role: Role
  name?: string
  email?: string
  ip?: string
  userAgent?: string
}

/** The tenants that this caller may see. Every read in a store takes it. */
export type Scope = 'all' | readonly string[]

/** The world that a service may touch; nothing in a service reads the clock, chance or the network by itself. */
export interface Context {
  actor: Actor
  scope: Scope
  requestId: string
  config: Config
  database: Database
  /** Reads. Inside `mutate` and `transaction` it is the open transaction, so that a body sees its own writes. */
  db: Db
  /** Set inside a transaction; a nested call joins it. */
  tx?: Db
  secrets: SecretBox
  dns: DnsClient
  http: HttpClient
  tls: TlsClient
  mail: MailClient
  log: Logger
  now(): number
  newId(prefix?: string): string
  random(): number
  /** Waits; ends early, and without an error, when the signal does. */
  pause(ms: number, signal?: AbortSignal): Promise<void>
  /** How late the timers of this process were of late, milliseconds: who is late misses answers that came in time. */
  lagMs(): number
}

/** The same world for another caller. */
export function actingAs(ctx: Context, actor: Actor, scope: Scope, requestId: string): Context {
  return { ...ctx, actor, scope, requestId }
}

export const SYSTEM_ACTOR: Actor = { type: 'system', id: 'system', role: 'master' }
