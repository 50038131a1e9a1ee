import { describe, expect, it } from 'vitest'
import { EXTENDED_IDS, type ExtendedId } from '#shared/schemas/extended'
import { CheckResult } from '#shared/schemas/checks'
import { MAIL_HOST, targetOf } from '../../../../../tests/helpers/check-facts'
import { EXTENDED_REASONS, extendedReasonFor } from '.'
import { SHARED_REASONS } from '../../reasons'
import { EXTENDED_CHECKS, extendedCheck } from '..'
import { renderExtended } from '../render'

const everyReason = EXTENDED_IDS.flatMap((id) => Object.keys(EXTENDED_REASONS[id]).map((code) => [id, code] as const))

const told = (id: ExtendedId, reason: string, target = targetOf()) =>
  renderExtended(id, { status: 'warn', reason, params: {}, evidence: { lookups: [], connections: [], found: {} } }, target)

describe('the registry of extended checks', () => {
  it('has every check under its own id, in the fixed order, with reasons', () => {
    expect(Object.keys(EXTENDED_CHECKS)).toEqual([...EXTENDED_IDS])
    for (const id of EXTENDED_IDS) expect(extendedCheck(id).id).toBe(id)
    expect(Object.keys(EXTENDED_REASONS)).toEqual([...EXTENDED_IDS])
  })
})

describe('the catalogue of extended reasons', () => {
  it('has no code of its own that is a shared one', () => {
    for (const id of EXTENDED_IDS) expect(Object.keys(EXTENDED_REASONS[id]).filter((code) => code in SHARED_REASONS)).toEqual([])
  })

  it.each(everyReason)('%s tells %s even when its facts are gone', (id, code) => {
    for (const target of [targetOf(), targetOf({ mailHost: null, webmailHost: null })]) {
      const words = told(id, code, target)
      expect(CheckResult.pick({ message: true, rule: true, fix: true }).parse(words)).toEqual(words)
      expect(words.message).toMatch(/^[A-Z“"u].*[.)]$/)
      expect(JSON.stringify(words)).not.toContain(MAIL_HOST.adminPassword)
    }
  })

  it.each(everyReason)('%s says what to do about %s when it is bad', (id, code) => {
    const given = /^(ok|.*-ok|ok-.*|info-.*)$/.test(code)
    expect(extendedReasonFor(id, code).fix !== undefined || given).toBe(true)
  })

  it('shows a code of another version as it is', () => {
    expect(extendedReasonFor('tls_rpt', 'constructor').message({})).toContain('"constructor"')
  })
})
