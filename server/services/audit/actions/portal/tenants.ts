import type { ActionArea } from '../contract'

/** Tenants, partners, their domains and mail hosts. */
export const tenantActions = {
  'partner.created': {
    category: 'partner',
    severity: 'low',
    sentence: '{actor} created partner {resource}',
    data: { slug: 'text', name: 'text' },
  },
  'tenant.created': {
    category: 'tenant',
    severity: 'low',
    sentence: '{actor} created tenant {resource}',
    data: { slug: 'text', name: 'text', plan: 'text', partnerId: 'id', source: 'text' },
  },
  'tenant.updated': {
    category: 'tenant',
    severity: 'low',
    sentence: '{actor} changed tenant {resource}',
    data: { name: 'text', plan: 'text', partnerId: 'id' },
  },
  'domain.added': {
    category: 'mail',
    severity: 'low',
    sentence: '{actor} added domain {domain}[ to tenant {tenant}]',
    data: { domain: 'text', source: 'text', mailHostId: 'id' },
  },
  'domain.updated': {
    category: 'mail',
    severity: 'low',
    sentence: '{actor} changed domain {domain}',
    data: { domain: 'text', mailHostId: 'id', dkim: 'text', sends: 'flag', receives: 'flag', webmailHost: 'text' },
  },
  'domain.removed': {
    category: 'mail',
    severity: 'medium',
    sentence: '{actor} removed domain {domain}[ from tenant {tenant}]',
    data: { domain: 'text' },
  },
  'mail_host.created': {
    category: 'configuration',
    severity: 'medium',
    sentence: '{actor} created mail host {resource}',
    data: { name: 'text', kind: 'text', healthUrl: 'text' },
  },
  'mail_host.updated': {
    category: 'configuration',
    severity: 'medium',
    sentence: '{actor} changed mail host {resource}',
    data: {
      name: 'text',
      kind: 'text',
      healthUrl: 'text',
      adminUrl: 'text',
      adminUserChanged: 'flag',
      adminPasswordChanged: 'flag',
      mx: 'text',
      sendingAddresses: 'text',
      frontends: 'text',
      webmail: 'text',
    },
  },
  'mail_host.removed': {
    category: 'configuration',
    severity: 'high',
    sentence: '{actor} removed mail host {resource}',
    data: { name: 'text' },
  },
  'onboarding.received': {
    category: 'tenant',
    severity: 'low',
    sentence: '{source} told of {type}[ for {domain}]',
    data: { type: 'text', domain: 'text', tenantSlug: 'text', source: 'text' },
  },
} as const satisfies ActionArea
