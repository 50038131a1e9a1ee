export const CATEGORIES = [
  'authentication',
  'access',
  'tenant',
  'partner',
  'identity',
  'mail',
  'files',
  'content',
  'flags',
  'configuration',
  'data',
  'system',
] as const
export type Category = (typeof CATEGORIES)[number]
export type Severity = 'low' | 'medium' | 'high' | 'critical'

interface ActionKind {
  category: Category
  severity: Severity
  /** The keys that `data` may hold; `key.before` and `key.after` are allowed with `key`. Never personal data, never a secret. */
  data: readonly string[]
}

/** Every action that the portal records. What is not here cannot be written. */
export const ACTIONS = {
  'user.signed_in': { category: 'authentication', severity: 'low', data: ['provider'] },
  'user.signed_out': { category: 'authentication', severity: 'low', data: [] },
  'user.refused': { category: 'authentication', severity: 'medium', data: ['reason'] },
  'user.activated': { category: 'access', severity: 'high', data: ['active'] },
  'user.deactivated': { category: 'access', severity: 'high', data: ['active'] },
  'operator_account.created': { category: 'identity', severity: 'high', data: [] },
  'operator_account.password_reset': { category: 'identity', severity: 'high', data: [] },
  'partner.created': { category: 'partner', severity: 'low', data: ['slug', 'name'] },
  'tenant.created': { category: 'tenant', severity: 'low', data: ['slug', 'name', 'plan', 'partnerId', 'source'] },
  'tenant.updated': { category: 'tenant', severity: 'low', data: ['name', 'plan', 'partnerId'] },
  'domain.added': { category: 'mail', severity: 'low', data: ['domain', 'source', 'mailHostId'] },
  'domain.updated': {
    category: 'mail',
    severity: 'low',
    data: ['domain', 'mailHostId', 'dkim', 'sends', 'receives', 'webmailHost'],
  },
  'domain.removed': { category: 'mail', severity: 'medium', data: ['domain'] },
  'mail_host.created': { category: 'configuration', severity: 'medium', data: ['name', 'kind', 'healthUrl'] },
  'mail_host.updated': {
    category: 'configuration',
    severity: 'medium',
    data: [
      'name',
      'kind',
      'healthUrl',
      'adminUrl',
      'adminUserChanged',
      'adminPasswordChanged',
      'mx',
      'sendingAddresses',
      'frontends',
      'webmail',
    ],
  },
  'mail_host.removed': { category: 'configuration', severity: 'high', data: ['name'] },
  'check_settings.updated': { category: 'configuration', severity: 'medium', data: ['switchedOn', 'switchedOff', 'blockLists'] },
  'check.run_requested': { category: 'mail', severity: 'low', data: ['domain', 'runId', 'domains'] },
  'check.bulk_run_requested': { category: 'mail', severity: 'low', data: ['domains', 'selected', 'filter', 'searched'] },
  'check.exported': { category: 'data', severity: 'medium', data: ['format', 'domains', 'filter', 'searched', 'sort'] },
  'check.changed': { category: 'mail', severity: 'medium', data: ['domain', 'checkId', 'from', 'to', 'reason'] },
  'deviation.accepted': {
    category: 'mail',
    severity: 'medium',
    data: ['deviationId', 'domain', 'checkId', 'status', 'code', 'until', 'replaces'],
  },
  'deviation.withdrawn': { category: 'mail', severity: 'low', data: ['deviationId', 'domain', 'checkId', 'code'] },
  'deviation.expired': { category: 'mail', severity: 'medium', data: ['deviationId', 'domain', 'checkId', 'code'] },
  'onboarding.received': { category: 'tenant', severity: 'low', data: ['type', 'domain', 'tenantSlug', 'source'] },
  'privacy.erased': { category: 'data', severity: 'high', data: ['basis', 'count'] },
  'audit.verified': { category: 'data', severity: 'low', data: ['verdict', 'events', 'logs'] },
  'audit.log_restored': {
    category: 'data',
    severity: 'critical',
    data: ['log', 'size', 'root', 'rememberedLog', 'rememberedSize', 'rememberedRoot'],
  },
} as const satisfies Record<string, ActionKind>

export type Action = keyof typeof ACTIONS
