import { eq, sql } from 'drizzle-orm'
import { among, prepared } from '#drizzle/prepared'
import { auditEvents, auditPersonal, auditSubjects, partners, tenants } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import type { AuditEvent } from '#shared/schemas/audit'
import type { EventContent } from '../canonical'
import { kindOf, templateOf } from '../actions'
import { classificationOf } from '../actions/classification'
import { placesOf } from '../read-places'
import { risksOf } from '../risk'
import { disclosureOf } from './disclosure'

/** These events as the API tells them, newest first. Who may see them is for the caller to have asked. */
export async function readEvents(ctx: Context, seqs: readonly number[]): Promise<AuditEvent[]> {
  if (seqs.length === 0) return []
  const rows = await rowsAmong(ctx.db, { seqs: JSON.stringify(seqs) })
  const places = await placesOf(ctx.db, seqs)
  const riskOf = await risksOf(ctx.db, seqs)
  return rows.map((row) => {
    const { log = null, index = null, prevHash = null, hash = null } = places.get(row.event.seq) ?? {}
    return { ...told(ctx, row), risk: riskOf(row.event.seq), log, index, prevHash, hash }
  })
}

const rowsAmong = prepared((db) =>
  db
    .select({
      ...{ event: auditEvents, tenantSlug: tenants.slug, tenantName: tenants.name, partnerSlug: partners.slug },
      ...{ eventId: auditPersonal.eventId, box: auditPersonal.box, keyBox: auditSubjects.keyBox },
    })
    .from(auditEvents)
    .leftJoin(tenants, eq(tenants.id, auditEvents.tenantId))
    .leftJoin(partners, eq(partners.id, auditEvents.partnerId))
    .leftJoin(auditPersonal, eq(auditPersonal.eventId, auditEvents.id))
    .leftJoin(auditSubjects, eq(auditSubjects.id, auditPersonal.subjectId))
    .where(among(auditEvents.seq, 'seqs'))
    // The plus keeps SQLite from walking the timeline: the few that are named are read and sorted.
    .orderBy(sql`+${auditEvents.at} desc`, sql`+${auditEvents.seq} desc`),
)
type Row = Awaited<ReturnType<typeof rowsAmong>>[number]

const timestamp = (ms: number) => new Date(ms).toISOString()

function told(ctx: Context, row: Row): Omit<AuditEvent, 'risk' | 'log' | 'index' | 'prevHash' | 'hash'> {
  const { event, tenantSlug, partnerSlug } = row
  const content = JSON.parse(event.content) as EventContent
  const personal = content.pd === undefined ? undefined : disclosureOf(ctx.secrets, row)
  const text = (key: string) => (typeof personal?.[key] === 'string' ? personal[key] : null)
  const { seq, id, action, category, severity, outcome, source, externalId } = event
  const { actorType, actorId, resourceType, resourceId, tenantId, partnerId } = event
  return {
    ...{ seq, id, at: timestamp(event.at), receivedAt: timestamp(event.receivedAt), action, category },
    ...{ severity: severity as AuditEvent['severity'], outcome: outcome as AuditEvent['outcome'], source, externalId },
    ...{ actorType, actorId, resourceType, resourceId, tenantId, tenantSlug, partnerId, partnerSlug },
    personal: personal === undefined ? 'none' : personal === null ? 'erased' : 'shown',
    ...{ actorName: text('name'), actorEmail: text('email'), actorIp: text('ip'), actorUserAgent: text('userAgent') },
    resourceName: nameOf(row, content.data ?? {}),
    template: templateOf(action, content.meta.outcome),
    classification: classified(action, content.pd !== undefined),
    metadata: { ...content.data, ...sealedData(personal ?? {}) },
  }
}

/** What the event holds of a person beside its actor; it was sealed with the actor's name. */
const sealedData = (personal: NonNullable<ReturnType<typeof disclosureOf>>) =>
  Object.fromEntries(Object.entries(personal).flatMap(([key, value]) => (key.startsWith('data.') ? [[key.slice(5), value]] : [])))

function classified(action: string, hasDisclosure: boolean): AuditEvent['classification'] {
  const { personalData, regulations, retention } = classificationOf(kindOf(action), hasDisclosure)
  return { isPersonalData: personalData, regulations: [...regulations], retention }
}

/** What people call the thing: its name as the event tells it, else that of the tenant now. */
function nameOf({ event, tenantName }: Row, data: NonNullable<EventContent['data']>): string | null {
  const said = data['name.after'] ?? data.name ?? data.domain
  if (typeof said === 'string') return said
  return event.resourceType === 'tenant' ? tenantName : null
}
