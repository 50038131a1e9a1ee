import type { Context } from '#server/platform/context'
import type { Mutation } from '#server/services/audit'
import type { IngestedEvent } from '#server/services/ingest/contract'
import { type Kind, KINDS, type Picked } from './kinds'

export type AuditEvent = Mutation<void>['events'][number]

export const [PEOPLE, TENANTS, PARTNERS] = [3_000, 400, 12]
const AGENTS = ['Firefox/145.0', 'Chrome/142.0.0.0 Safari/537.36', 'Version/19.0 Safari/605.1.15', 'Thunderbird/140.4'].map(
  (program) => `Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 ${program}`,
)
const BY_SHARE = KINDS.flatMap((kind) => Array.from({ length: kind.share }, () => kind))
/** What a source tells of comes some seconds late. */
const LATEST_MS = 5_000

/** The event of a number: the same one each time, for whoever asks; a source says that it was some seconds before `time`. */
export function auditEvent(n: number, time: number): AuditEvent {
  const below = dice(n)
  const kind = BY_SHARE[below(BY_SHARE.length)]!
  const person = skewed(below, PEOPLE)
  // Each person belongs to one tenant; the portal's own work is about any.
  const tenant = kind.byPerson ? person % TENANTS : skewed(below, TENANTS)
  const picked = { below, person, tenant }
  return {
    ...{ action: kind.action, outcome: kind.outcome ?? 'success', ...kind.about(picked) },
    ...{ tenantId: `t_${tenant}`, partnerId: partnerOf(tenant), actor: actorOf(kind, picked) },
    ...(kind.source && { origin: originOf(kind.source, { n, below, time }) }),
  }
}

/** The event as the mapping of its source makes it. */
export function ingestedEvent({ action, actor, origin, resource, outcome, data, tenantId }: AuditEvent): IngestedEvent {
  const { source, externalId, at } = origin!
  const tenantHints = [{ slugs: [tenantId!.replace('t_', 'tenant-')] }]
  return { externalId, at, type: action!.slice(source.length + 1), outcome, actor: actor!, resource, data, tenantHints }
}

/** Half of the tenants have no partner: their events stand in the platform's log. */
export const partnerOf = (tenant: number) => (tenant % 2 ? `p_${Math.floor(tenant / 2) % PARTNERS}` : null)

function actorOf(kind: Kind, { person, below }: Picked): Context['actor'] {
  if (!kind.byPerson) return { type: 'system', id: kind.source ?? 'system', role: 'master' }
  // One in twenty is somewhere else.
  const [third, fourth] = below(20) === 0 ? [below(256), below(256)] : [Math.floor(person / 250), person % 250]
  return {
    ...{ type: 'user', id: `u_${person}`, role: 'member', name: `Person ${person}`, email: `person${person}@example.org` },
    ...{ ip: `198.18.${third}.${fourth}`, userAgent: AGENTS[person % AGENTS.length] },
  }
}

function originOf(source: string, { n, below, time }: { n: number; below: Picked['below']; time: number }) {
  const externalId = `${below(2_000_000_000).toString(16).padStart(8, '0')}-${n.toString(16)}`
  return { source, externalId, at: time - below(LATEST_MS) }
}

/** Some do much, most do little. */
const skewed = (below: Picked['below'], limit: number) => Math.floor(limit * (below(1_000_000) / 1_000_000) ** 2)

/** Chance that is the same for the same number (Park-Miller). */
function dice(n: number): Picked['below'] {
  let seed = ((n + 1) * 48_271) % 2_147_483_647
  const below = (limit: number) => (seed = (seed * 48_271) % 2_147_483_647) % limit
  // Neighbouring numbers begin alike.
  below(2)
  below(2)
  return below
}
