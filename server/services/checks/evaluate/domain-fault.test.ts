import { describe, expect, it } from 'vitest'
import type { DnsAnswer, DnsOutcome, DnsReply, ZoneLook } from '#server/platform/dns/types'
import { answerOf, targetOf } from '../../../../tests/helpers/check-facts'
import { evaluateDnsDkim } from './dns-dkim'
import { evaluateDnsDmarc } from './dns-dmarc'
import { evaluateDnsMx } from './dns-mx'
import { evaluateDnsSpf } from './dns-spf'
import { lookupEvidence } from './evidence'
import { domainFault } from './verdict'

const BOGUS = { code: 6, text: 'no valid signature' }
const replyOf = (server: string, ede: DnsReply['ede'] = []): DnsReply => ({
  server,
  outcome: 'servfail',
  latencyMs: 1,
  tcp: false,
  ede,
})
const lookOf = (verdict: ZoneLook['verdict'], outcome: DnsOutcome = 'refused'): ZoneLook => ({
  ...{ zone: 'example.org', leftOut: 0, verdict },
  replies: [{ host: 'ns1.example.org', address: '192.0.2.53', outcome, soa: null }],
})
const servfail = (changes: Partial<DnsAnswer> = {}) =>
  answerOf('example.org', 'MX', 'servfail', { replies: [replyOf('a'), replyOf('b')], ...changes })
const bogus = (first: DnsReply['ede'], second: DnsReply['ede'], changes: Partial<DnsAnswer> = {}) =>
  servfail({ replies: [replyOf('a', first), replyOf('b', second)], ede: [BOGUS], zone: lookOf('well', 'answer'), ...changes })

describe('a fault of the question about the domain itself', () => {
  it.each<[string, DnsAnswer, string, string]>([
    ['nobody asked the servers of the zone', servfail(), 'unknown', 'dns-servfail'],
    ['the servers of the zone fail too', servfail({ zone: lookOf('broken') }), 'fail', 'zone-broken'],
    ['they answer well', servfail({ zone: lookOf('well', 'answer') }), 'unknown', 'dns-servfail'],
    ['they could not all be reached', servfail({ zone: lookOf('unclear', 'timeout') }), 'unknown', 'dns-servfail'],
    ['both resolvers say bogus', bogus([BOGUS], [BOGUS]), 'fail', 'dnssec-bogus'],
    ['both say expired', bogus([{ code: 7, text: '' }], [{ code: 7, text: '' }]), 'fail', 'dnssec-bogus'],
    ['one says bogus', bogus([BOGUS], []), 'unknown', 'dns-servfail'],
    ['one of them is asked twice', bogus([BOGUS], [BOGUS], { singleResolver: true }), 'unknown', 'dns-servfail'],
    ['both say that they reach nobody', bogus([{ code: 22, text: '' }], [{ code: 22, text: '' }]), 'unknown', 'dns-servfail'],
    ['the resolvers refuse', answerOf('example.org', 'MX', 'refused'), 'unknown', 'dns-refused'],
  ])('when %s', (_when, answer, status, reason) => {
    expect(domainFault(answer)).toMatchObject({ status, reason })
  })

  it('is none when there is an answer', () => {
    expect(domainFault(answerOf('example.org', 'MX', ['10 mx.example.org']))).toBeNull()
    expect(domainFault(answerOf('example.org', 'MX', 'nxdomain'))).toBeNull()
  })

  it('fails each of the four checks for the same reason', () => {
    const answer = servfail({ zone: lookOf('broken') })
    const target = targetOf({ dkim: [{ selector: 's1' }] })
    const verdicts = [
      evaluateDnsMx({ mx: answer, apex: null, targets: [] }, target),
      evaluateDnsSpf({ record: answer, answers: [], probes: null, senders: [] }, target),
      evaluateDnsDkim({ keys: [{ selector: 's1', answer }] }, target),
      evaluateDnsDmarc({ steps: [{ domain: 'example.org', answer }], apex: null, reports: [] }, target),
    ]
    expect(verdicts.map(({ status, reason }) => `${status} ${reason}`)).toEqual(
      Array.from({ length: 4 }, () => 'fail zone-broken'),
    )
  })
})

describe('the evidence of such a fault', () => {
  it('names the servers of the zone beside the resolvers, and the extended errors', () => {
    const told = lookupEvidence(servfail({ zone: lookOf('broken'), ede: [BOGUS], singleResolver: true }))
    expect(told.servers.map(({ server, outcome }) => `${server} ${outcome}`)).toEqual([
      'a servfail',
      'b servfail',
      'ns1.example.org (192.0.2.53) refused',
    ])
    expect(told.notes).toEqual(['single-resolver', 'EDE 6 DNSSEC BOGUS: no valid signature'])
  })
})
