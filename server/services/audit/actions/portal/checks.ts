import type { ActionArea } from '../contract'

const DEVIATION = { deviationId: 'id', domain: 'text', checkId: 'id', code: 'id' } as const

/** Looks at domains, what they found, and what of it is accepted. */
export const checkActions = {
  'check.run_requested': {
    category: 'mail',
    severity: 'low',
    sentence: '{actor} had [{domain} ]looked at[ for tenant {tenant}]',
    data: { domain: 'text', runId: 'id', domains: 'count' },
  },
  'check.bulk_run_requested': {
    category: 'mail',
    severity: 'low',
    sentence: '{actor} had {domains} domains looked at',
    data: { domains: 'count', selected: 'count', filter: 'text', searched: 'flag' },
  },
  'check.exported': {
    category: 'data',
    severity: 'medium',
    sentence: '{actor} exported {domains} domains as {format}',
    data: { format: 'text', domains: 'count', filter: 'text', searched: 'flag', sort: 'text' },
  },
  'check.changed': {
    category: 'mail',
    severity: 'medium',
    sentence: '{checkId} of {domain} is {to} now[, was {from}][: {reason}]',
    failed: '{checkId} of {domain} is {to} now[, was {from}][: {reason}]',
    data: { domain: 'text', checkId: 'id', from: 'text', to: 'text', reason: 'text' },
  },
  'deviation.accepted': {
    category: 'mail',
    severity: 'medium',
    sentence: '{actor} accepted {code} of {checkId} for {domain}[ until {until}]',
    data: { ...DEVIATION, status: 'text', until: 'text', replaces: 'id' },
  },
  'deviation.withdrawn': {
    category: 'mail',
    severity: 'low',
    sentence: '{actor} no longer accepts {code} of {checkId} for {domain}',
    data: DEVIATION,
  },
  'deviation.expired': {
    category: 'mail',
    severity: 'medium',
    sentence: '{code} of {checkId} is no longer accepted for {domain}: its time is over',
    data: DEVIATION,
  },
} as const satisfies ActionArea
