import { QueryClient } from '@tanstack/vue-query'
import { expect, it } from 'vitest'
import { CHECK_IDS } from '#shared/schemas/checks'
import type { DomainSummary } from '#shared/schemas/overview'
import { applyLiveCheck, applyLiveRun, checkKeys } from './useChecks'
import { applyLiveSummary, tenantKeys } from './useTenants'

const summary: DomainSummary = {
  id: 'd1',
  tenant: { id: 't1', slug: 'acme', name: 'Acme', plan: null, partner: null },
  domain: 'acme.example',
  score: 7,
  max: 8,
  status: 'failing',
  since: null,
  failingSince: null,
  lastAuditAt: '2026-11-20T12:00:00.000Z',
  checks: CHECK_IDS.map((id) => ({ id, status: 'pass', reason: 'ok' })),
  day: '.'.repeat(24),
}

it('gathers the verdicts of a run one by one, each domain for itself', () => {
  const client = new QueryClient()
  const event = { runId: 'r1', tenant: 'acme', domain: 'acme.example' }
  applyLiveCheck(client, { ...event, checkId: 'dns_spf', status: 'fail' })
  applyLiveCheck(client, { ...event, checkId: 'dns_mx', status: 'pass' })
  applyLiveCheck(client, { ...event, domain: 'other.example', checkId: 'dns_mx', status: 'warn' })
  expect(client.getQueryData(checkKeys.progress('r1', 'acme.example'))).toEqual({ dns_spf: 'fail', dns_mx: 'pass' })
})

it('moves a run and marks the scorecard of a domain with new verdicts as old', () => {
  const client = new QueryClient()
  client.setQueryData(checkKeys.scorecard('acme', 'acme.example'), {})
  applyLiveRun(client, { runId: 'r1', status: 'done', done: 8, total: 8, summary })
  expect(client.getQueryData(checkKeys.run('r1'))).toEqual({ runId: 'r1', status: 'done', done: 8, total: 8 })
  expect(client.getQueryState(checkKeys.scorecard('acme', 'acme.example'))?.isInvalidated).toBe(true)
})

it('shows new verdicts in an open tenant, which is as bad as its worst domain', () => {
  const client = new QueryClient()
  const domain = { id: 'd1', status: 'pending', score: null, max: null, lastAuditAt: null }
  client.setQueryData(tenantKeys.detail('acme'), { slug: 'acme', status: 'pending', domains: [domain, { ...domain, id: 'd2' }] })
  applyLiveSummary(client, summary)
  expect(client.getQueryData(tenantKeys.detail('acme'))).toEqual({
    slug: 'acme',
    status: 'failing',
    domains: [
      { id: 'd1', status: 'failing', score: 7, max: 8, lastAuditAt: summary.lastAuditAt },
      { ...domain, id: 'd2' },
    ],
  })
})
