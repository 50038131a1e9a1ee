import type { AuditEvent } from '#shared/schemas/audit'

/** What a page shows of an event of Anna's; its moments, metadata and place are for the test to say. */
export const SHOWN_EVENT = {
  ...{ seq: 7, id: 'ev_1', action: 'tenant.updated', category: 'tenant', severity: 'medium', outcome: 'success' },
  ...{ source: 'authentik', externalId: 'pk-1', actorType: 'user', actorId: 'u_1', personal: 'shown', actorName: 'Anna' },
  ...{ actorEmail: 'anna@example.org', actorIp: '192.0.2.7', actorUserAgent: 'Firefox' },
  ...{ resourceType: 'tenant', resourceId: 't_1', resourceName: 'Acme', tenantId: 't_1', tenantSlug: 'acme' },
  ...{ partnerId: 'p_3', partnerSlug: 'norte', template: '{actor} changed tenant {resource}' },
  risk: { score: 0, isAnomalous: false, factors: [] },
  classification: { isPersonalData: true, regulations: ['GDPR'], retention: 'long' },
} satisfies Partial<AuditEvent>
