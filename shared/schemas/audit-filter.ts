import { z } from 'zod'
import { CATEGORIES, RANGE_IDS, SEVERITIES } from '../audit-words'

export const AuditSeverity = z.enum(SEVERITIES)
export type AuditSeverity = z.infer<typeof AuditSeverity>
export const AuditOutcome = z.enum(['success', 'failure', 'partial', 'pending'])
export type AuditOutcome = z.infer<typeof AuditOutcome>
export const ActorType = z.enum(['user', 'system', 'service'])

/** Alternatives are separated by commas, so that a filter stays one text in the address of a page. */
const anyOf = (pattern: string, what: string) =>
  z
    .string()
    .trim()
    .regex(new RegExp(`^(?:${pattern})(?:,(?:${pattern}))*$`), what)
const oneOf = (values: readonly string[]) => anyOf(values.join('|'), `one or more of ${values.join(', ')}, separated by commas`)
const exact = z.string().trim().min(1).max(320)

/** What narrows the log down; all that is given must hold. In the address of the page, of the API and of a saved view alike. */
export const AuditFilter = z.object({
  /** From this moment on. */
  since: z.iso.datetime({ offset: true }).optional(),
  /** Up to, and without, this moment. */
  until: z.iso.datetime({ offset: true }).optional(),
  /** `tenant.created`, or all that begin so: `tenant.*`. */
  action: anyOf(String.raw`[\w-]+(?:\.[\w-]+)*(?:\.\*)?`, 'an action such as tenant.created, or tenant.*').optional(),
  category: oneOf(CATEGORIES).optional(),
  severity: oneOf(AuditSeverity.options).optional(),
  outcome: oneOf(AuditOutcome.options).optional(),
  /** The system that an event came from; `vigia` is the portal itself. */
  source: anyOf(String.raw`[\w.-]+`, 'a source such as vigia or authentik').optional(),
  /** An id, or how an e-mail address or a name begins. */
  actor: exact.optional(),
  actorId: exact.optional(),
  /** The whole address. */
  actorEmail: exact.optional(),
  actorType: oneOf(ActorType.options).optional(),
  /** The whole address. */
  ip: z.union([z.ipv4(), z.ipv6()]).optional(),
  resourceType: anyOf(String.raw`[\w.-]+`, 'a type such as tenant or domain').optional(),
  resourceId: exact.optional(),
  tenantSlug: exact.optional(),
  partnerSlug: exact.optional(),
  requestId: exact.optional(),
  /** The id that the source gave. */
  externalId: exact.optional(),
  /** The least score. */
  risk: z
    .string()
    .regex(/^(?:100|\d{1,2})$/, 'a score from 0 to 100')
    .optional(),
  /** Free text: every word must be in the event, `word*` is how one begins. People are not in it: use `actor` and `ip`. */
  q: z.string().trim().min(1).max(200).optional(),
})
export type AuditFilter = z.infer<typeof AuditFilter>

export const AuditQuery = AuditFilter.extend({
  /** The `nextCursor` of the page before. */
  before: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})
export type AuditQuery = z.infer<typeof AuditQuery>

export const AUDIT_EXPORT_FORMATS = ['jsonl', 'csv'] as const
export const AuditExportQuery = AuditFilter.extend({ format: z.enum(AUDIT_EXPORT_FORMATS) })
export type AuditExportQuery = z.infer<typeof AuditExportQuery>

/** A filter as it is kept: with a span that ends whenever it is looked at, or from one moment to another. */
export const AuditViewFilter = AuditFilter.extend({ range: z.enum(RANGE_IDS).optional() })
export type AuditViewFilter = z.infer<typeof AuditViewFilter>

/** A filter that somebody keeps under a name. */
export const AuditViewInput = z.object({ name: z.string().trim().min(1).max(80), filter: AuditViewFilter })
export type AuditViewInput = z.infer<typeof AuditViewInput>
export const AuditView = AuditViewInput.extend({ id: z.string(), createdAt: z.iso.datetime() })
export type AuditView = z.infer<typeof AuditView>
export const AuditViews = z.object({ views: z.array(AuditView) })
