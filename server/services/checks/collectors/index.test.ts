import { describe, expect, it } from 'vitest'
import { CHECK_IDS, CheckResult, type CheckId } from '#shared/schemas/checks'
import { MAIL_HOST, targetOf } from '../../../../tests/helpers/check-facts'
import { REASONS, SHARED_REASONS, reasonFor } from '../reasons'
import { renderVerdict } from '../render'
import { COLLECTORS } from '.'
import type { Verdict } from './contract'

const NEEDS_MAIL_HOST: CheckId[] = ['carbonio', 'nginx_vhost', 'cert_le', 'webmail_http']
const everyReason = CHECK_IDS.flatMap((id) =>
  [...Object.keys(REASONS[id]), ...Object.keys(SHARED_REASONS)].map((code) => [id, code] as const),
)
const verdictOf = (reason: string, changes: Partial<Verdict> = {}): Verdict => ({
  ...{ status: 'fail', reason, params: {}, evidence: { lookups: [], connections: [], found: {} } },
  ...changes,
})

describe('the registry of checks', () => {
  it('has every check under its own id', () => {
    expect(Object.keys(COLLECTORS)).toEqual([...CHECK_IDS])
    for (const id of CHECK_IDS) expect(COLLECTORS[id].id).toBe(id)
  })

  it('knows which checks have nothing to do without a mail host', () => {
    expect(CHECK_IDS.filter((id) => COLLECTORS[id].needsMailHost)).toEqual(NEEDS_MAIL_HOST)
  })
})

describe('the catalogue of reasons', () => {
  it('has no code of its own that is a shared one', () => {
    for (const id of CHECK_IDS) expect(Object.keys(REASONS[id]).filter((code) => code in SHARED_REASONS)).toEqual([])
  })

  it.each(everyReason)('%s tells %s even when its facts are gone', (id, code) => {
    const bare = { ...targetOf(), mailHost: null, webmailHost: null }
    for (const target of [targetOf({ dkim: [{ selector: 's1', publicKey: 'no key' }] }), bare]) {
      const told = renderVerdict(id, verdictOf(code), target)
      expect(CheckResult.pick({ message: true, rule: true, fix: true }).parse(told)).toEqual(told)
      expect(told.message).toMatch(/^[A-Z“"u].*[.)]$/)
      expect(JSON.stringify(told)).not.toContain(MAIL_HOST.adminPassword)
    }
  })

  it.each(everyReason)('%s says what to do about %s when it is bad', (id, code) => {
    const given = /^(ok|.*-ok|ok-.*|inherited|budget)$/.test(code)
    expect(reasonFor(id, code).fix !== undefined || given).toBe(true)
  })

  it('shows a code of another version as it is', () => {
    expect(reasonFor('dns_mx', 'constructor').message({})).toContain('"constructor"')
  })
})

describe('a fix', () => {
  it('says when a change will show, by the TTL of what stands there now', () => {
    const lookup = {
      name: 'example.org',
      type: 'MX',
      outcome: 'answer',
      values: [],
      cnames: [],
      ttl: 300,
      servers: [],
      notes: [],
    }
    const verdict = verdictOf('not-ours', { evidence: { lookups: [lookup], connections: [], found: { mx: ['10 old.example'] } } })
    const { fix } = renderVerdict('dns_mx', verdict, targetOf())
    expect(fix).toMatchObject({
      record: { name: 'example.org', type: 'MX', value: '10 mx1.example.net.\n20 mx2.example.net.', found: ['10 old.example'] },
      visibleAfterSec: 300,
    })
  })

  it('adds our addresses to the SPF record that is there, before anything can refuse them', () => {
    const evidence = { lookups: [], connections: [], found: { records: ['v=spf1 include:x.example -all'] } }
    const verdict = verdictOf('does-not-authorise-us', { evidence, params: { addresses: ['192.0.2.25', '2001:db8::25'] } })
    const { fix } = renderVerdict('dns_spf', verdict, targetOf())
    expect(fix?.record?.value).toBe('v=spf1 ip4:192.0.2.25 ip6:2001:db8::25 include:x.example -all')
    expect(fix?.visibleAfterSec).toBeNull()
  })

  it('is not offered for a pass', () => {
    expect(renderVerdict('dns_mx', verdictOf('ok', { status: 'pass' }), targetOf()).fix).toBeNull()
  })
})
