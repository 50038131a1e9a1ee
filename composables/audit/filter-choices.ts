import { CATEGORIES } from '#shared/audit-words'
import type { AuditFilter } from '#shared/schemas/audit-filter'

interface Choice {
  key: 'outcome' | 'severity' | 'risk'
  label: string
  options: { value: string; label: string }[]
}

/** Filters with a few values, the first of each being none. */
export const FILTER_CHOICES: Choice[] = [
  {
    key: 'outcome',
    label: 'Outcome',
    options: [
      { value: '', label: 'Any outcome' },
      { value: 'success', label: 'Success' },
      { value: 'failure', label: 'Failure' },
      { value: 'partial', label: 'Partial' },
      { value: 'pending', label: 'Pending' },
    ],
  },
  {
    key: 'severity',
    label: 'Severity',
    options: [
      { value: '', label: 'Any severity' },
      { value: 'medium,high,critical', label: 'Medium and up' },
      { value: 'high,critical', label: 'High and up' },
      { value: 'critical', label: 'Critical' },
      { value: 'medium,high', label: 'Warnings' },
      { value: 'low', label: 'Low' },
    ],
  },
  {
    key: 'risk',
    label: 'Risk',
    options: [
      { value: '', label: 'Any risk' },
      { value: '20', label: 'Risk 20 and up' },
      { value: '40', label: 'Risk 40 and up' },
      { value: '60', label: 'Unusual (60 and up)' },
    ],
  },
]

/** Filters that are typed, each with what it takes. */
export const FILTER_FIELDS: { key: keyof AuditFilter; label: string; placeholder: string; known?: string }[] = [
  { key: 'actor', label: 'Actor', placeholder: 'anna@ or an id', known: 'actor' },
  { key: 'action', label: 'Action', placeholder: 'tenant.* or tenant.created', known: 'action' },
  { key: 'category', label: 'Category', placeholder: CATEGORIES.slice(0, 2).join(','), known: 'category' },
  { key: 'ip', label: 'IP address', placeholder: '192.0.2.7', known: 'ip' },
  { key: 'resourceType', label: 'Resource type', placeholder: 'domain', known: 'resource' },
  { key: 'resourceId', label: 'Resource id', placeholder: 'the whole id' },
  { key: 'tenantSlug', label: 'Tenant', placeholder: 'slug', known: 'tenant' },
  { key: 'requestId', label: 'Request', placeholder: 'the whole id' },
]
