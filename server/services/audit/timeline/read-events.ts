import { eq, sql } from 'drizzle-orm'
import { among, prepared } from '#drizzle/prepared'
import { auditEvents, auditPersonal, auditSubjects, partners, tenants } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import type { SecretBox } from '#server/platform/secrets'
import type { AuditEvent } from '#shared/schemas/audit'
import type { EventContent, Scalar } from '../canonical'
import { kindOf, templateOf } from '../actions'
import { classificationOf } from '../actions/classification'
import { type Place, placesOf } from '../read-places'
import { risksOf } from '../risk'
import { disclosureOf } from './disclosure'

/** These events as the API tells them, newest first. Who may see them is for the caller to have asked. */
export async function readEvents(ctx: Context, seqs: readonly number[]): Promise<AuditEvent[]> {
  if (seqs.length === 0) return []
  const rows = await rowsAmong(ctx.db, { seqs: JSON.stringify(seqs) })
  const places = await placesOf(ctx.db, seqs)
  const riskOf = await risksOf(ctx.db, seqs)
  return rows.map((row) => told(ctx.secrets, row, places.get(row.event.seq), riskOf(row.event.seq)))
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

/** One literal, no spread: a page holds hundreds of events, and an export all of them. */
function told(secrets: SecretBox, row: Row, place: Place | undefined, risk: AuditEvent['risk']): AuditEvent {
  const { event } = row
  const content = JSON.parse(event.content) as EventContent
  const personal = content.pd === undefined ? undefined : disclosureOf(secrets, row)
  return {
    seq: event.seq,
    id: event.id,
    at: timestamp(event.at),
    receivedAt: timestamp(event.receivedAt),
    action: event.action,
    category: event.category,
    severity: event.severity as AuditEvent['severity'],
    outcome: event.outcome as AuditEvent['outcome'],
    source: event.source,
    externalId: event.externalId,
    actorType: event.actorType,
    actorId: event.actorId,
    personal: personal === undefined ? 'none' : personal === null ? 'erased' : 'shown',
    actorName: textOf(personal?.name),
    actorEmail: textOf(personal?.email),
    actorIp: textOf(personal?.ip),
    actorUserAgent: textOf(personal?.userAgent),
    resourceType: event.resourceType,
    resourceId: event.resourceId,
    resourceName: nameOf(row, content.data ?? {}),
    tenantId: event.tenantId,
    tenantSlug: row.tenantSlug,
    partnerId: event.partnerId,
    partnerSlug: row.partnerSlug,
    template: templateOf(event.action, content.meta.outcome),
    risk,
    classification: classified(event.action, content.pd !== undefined),
    metadata: metadataOf(content.data ?? {}, personal ?? {}),
    log: place?.log ?? null,
    index: place?.index ?? null,
    prevHash: place?.prevHash ?? null,
    hash: place?.hash ?? null,
  }
}

const textOf = (value: Scalar | undefined) => (typeof value === 'string' ? value : null)

/** What the event says openly, and what it holds of a person beside its actor: that was sealed with the actor's name. */
function metadataOf(open: AuditEvent['metadata'], personal: Record<string, Scalar>): AuditEvent['metadata'] {
  const metadata = { ...open }
  for (const key of Object.keys(personal)) if (key.startsWith('data.')) metadata[key.slice(5)] = personal[key]!
  return metadata
}

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
