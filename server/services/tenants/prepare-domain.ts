import { type Issue, ServiceError } from '#shared/errors'
import type { DomainInput } from '#shared/schemas/tenants'
import type { Context } from '#server/platform/context'
import { normaliseDkimKey } from './dkim-key'
import { normaliseDomain } from './domain-name'
import type { NewDomainRow } from './store-domains'

type Dkim = DomainInput['dkim']

/**
 * The stored form of what was given: the domain's A-labels, keys as base64.
 * @throws ServiceError VALIDATION that says at each path what is wrong, without repeating a key
 */
export function prepareDomain(input: DomainInput): DomainInput {
  const name = normaliseDomain(input.domain)
  const keys = prepareKeys(input.dkim)
  const issues = [...(name.ok ? [] : [{ path: 'domain', message: name.reason }]), ...keys.issues]
  if (!name.ok || issues.length > 0) throw invalid(issues)
  return { ...input, domain: name.domain, dkim: keys.dkim }
}

/** @throws ServiceError VALIDATION that names the selectors whose keys cannot be read */
export function prepareDkim(given: Dkim): Dkim {
  const { dkim, issues } = prepareKeys(given)
  if (issues.length > 0) throw invalid(issues)
  return dkim
}

function prepareKeys(given: Dkim): { dkim: Dkim; issues: Issue[] } {
  const issues: Issue[] = []
  const dkim = given.map(({ selector, publicKey }, index) => {
    if (publicKey === undefined) return { selector }
    const key = normaliseDkimKey(publicKey)
    if (key.ok) return { selector, publicKey: key.base64 }
    issues.push({ path: `dkim.${index}.publicKey`, message: key.reason })
    return { selector }
  })
  return { dkim, issues }
}

function invalid(issues: Issue[]): ServiceError {
  return new ServiceError('VALIDATION', 'The input is not as it should be', { issues })
}

/** A row that is due now, so that it is looked at within seconds. */
export function newDomainRow(
  ctx: Context,
  prepared: DomainInput,
  { tenantId, source }: { tenantId: string; source: 'onboarding' | 'manual' },
): NewDomainRow {
  const { domain, mailHostId, dkim, sends, receives, webmailHost } = prepared
  return {
    id: ctx.newId('d'),
    tenantId,
    domain,
    mailHostId: mailHostId ?? null,
    dkim,
    sends,
    receives,
    webmailHost: webmailHost ?? null,
    source,
    createdAt: ctx.now(),
    nextDueAt: ctx.now(),
  }
}
