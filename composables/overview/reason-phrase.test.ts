import { describe, expect, it } from 'vitest'
import type { DomainSummary } from '#shared/schemas/overview'
import { badgeWords, markedWords, reasonPhrase } from './reason-phrase'

const check = (
  id: DomainSummary['checks'][number]['id'],
  status: DomainSummary['checks'][number]['status'],
  reason: string | null,
) => ({
  id,
  status,
  reason,
})

describe('badgeWords', () => {
  it('names the worst check and counts the others that are as bad', () => {
    const checks = [
      check('dns_spf', 'warn', 'near-limit'),
      check('dns_dkim', 'fail', 'revoked'),
      check('webmail_http', 'fail', 'http-500'),
    ]
    expect(badgeWords({ status: 'failing', checks })).toBe('Failing · DKIM key revoked +1')
  })

  it('is the word alone when nothing is wrong or nothing was looked at', () => {
    expect(badgeWords({ status: 'healthy', checks: [check('dns_mx', 'pass', 'ok')] })).toBe('Healthy')
    expect(badgeWords({ status: 'pending', checks: [check('dns_mx', null, null)] })).toBe('Not checked yet')
  })
})

describe('reasonPhrase', () => {
  it('makes an unknown code readable after the name of its check', () => {
    expect(reasonPhrase('cert_le', 'not-yet-valid')).toBe('Certificate not yet valid')
    expect(reasonPhrase('nginx_vhost', 'budget')).toBe('Virtual host took too long')
  })
})

describe('markedWords', () => {
  it('tells what does not pass, in the order of the checks, and nothing of the rest', () => {
    const checks = [
      check('carbonio', 'skipped', 'no-mail-host'),
      check('dns_mx', 'pass', 'ok'),
      check('dns_spf', 'warn', 'near-limit'),
      check('dns_dkim', 'unknown', null),
    ]
    expect(markedWords(checks)).toBe('SPF near limit; DKIM unknown')
  })
})
