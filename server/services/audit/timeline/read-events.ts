import type { Context } from '#server/platform/context'
import type { SecretBox } from '#server/platform/secrets'
import type { AuditEvent } from '#shared/schemas/audit'
import { kindOf, templateOf } from '../actions'
import { classificationOf } from '../actions/classification'
import type { EventContent, Scalar } from '../canonical'
import { NO_LEAF } from '../leaf'
import { logName } from '../read-places'
import { riskOfRow } from '../risk'
import { disclosureOf } from './disclosure'
import { type EventRow, rowsOf } from './read-rows'

/** These events as the API tells them, newest first. Who may see them is for the caller to have asked. */
export function readEvents({ db, secrets }: Context, seqs: readonly number[]): AuditEvent[] {
  return seqs.length === 0 ? [] : rowsOf(db, seqs).map((row) => told(secrets, row))
}

const timestamp = (ms: number) => new Date(ms).toISOString()
const FIRST_PREV = NO_LEAF.toString('hex')

/** One literal, no spread: a page holds hundreds of events, and an export all of them. */
function told(secrets: SecretBox, row: EventRow): AuditEvent {
  const content = JSON.parse(row.content) as EventContent
  const data = content.data ?? {}
  const personal =
    content.pd === undefined ? undefined : disclosureOf(secrets, { eventId: row.id, keyBox: row.keyBox, box: row.box })
  return {
    seq: row.seq,
    id: row.id,
    at: timestamp(row.at),
    receivedAt: timestamp(row.receivedAt),
    action: row.action,
    category: row.category,
    severity: row.severity,
    outcome: row.outcome,
    source: row.source,
    externalId: row.externalId,
    actorType: row.actorType,
    actorId: row.actorId,
    personal: personal === undefined ? 'none' : personal === null ? 'erased' : 'shown',
    actorName: textOf(personal?.name),
    actorEmail: textOf(personal?.email),
    actorIp: textOf(personal?.ip),
    actorUserAgent: textOf(personal?.userAgent),
    resourceType: row.resourceType,
    resourceId: row.resourceId,
    resourceName: nameOf(row, data),
    tenantId: row.tenantId,
    tenantSlug: row.tenantSlug,
    partnerId: row.partnerId,
    partnerSlug: row.partnerSlug,
    template: templateOf(row.action, content.meta.outcome),
    risk: riskOfRow(row),
    classification: classified(row.action, content.pd !== undefined),
    metadata: metadataOf(data, personal ?? {}),
    log: row.scope === null ? null : logName({ scope: row.scope, generation: row.generation! }),
    index: row.leafIndex,
    prevHash: row.leafIndex === 0 ? FIRST_PREV : row.prevHash,
    hash: row.hash,
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
function nameOf({ resourceType, tenantName }: EventRow, data: NonNullable<EventContent['data']>): string | null {
  const said = data['name.after'] ?? data.name ?? data.domain
  if (typeof said === 'string') return said
  return resourceType === 'tenant' ? tenantName : null
}
