import { describe, expect, it } from 'vitest'
import type { DnsOutcome } from '#server/platform/dns/types'
import type { CheckStatus } from '#shared/schemas/checks'
import { answerOf, DOMAIN, targetOf } from '../../../../tests/helpers/check-facts'
import type { CheckTarget } from '../collectors/contract'
import { dnsMxReasons } from '../reasons/dns-mx'
import { evaluateDnsMx, type DnsMxObservation, type MxTarget } from './dns-mx'
import { isInnerAddress } from './inner-address'

const OURS = ['10 mx1.example.net', '20 mx2.example.net']
const host = (
  exchange: string,
  a: string[] | DnsOutcome = ['192.0.2.1'],
  aaaa: string[] | DnsOutcome = 'nodata',
  cnames: string[] = [],
): MxTarget => {
  const answers = { a: answerOf(exchange, 'A', a, { cnames }), aaaa: answerOf(exchange, 'AAAA', aaaa) }
  return { exchange, ...answers, inner: answers.a.records.map((record) => record.value).filter(isInnerAddress) }
}
const both = [host('mx1.example.net'), host('mx2.example.net')]
const seen = (
  mx: string[] | DnsOutcome,
  targets: MxTarget[] = both,
  apex?: [string[] | DnsOutcome, string[] | DnsOutcome],
): DnsMxObservation => ({
  mx: answerOf(DOMAIN, 'MX', mx),
  apex: apex ? { a: answerOf(DOMAIN, 'A', apex[0]), aaaa: answerOf(DOMAIN, 'AAAA', apex[1]) } : null,
  targets,
})
const alone = targetOf({ mailHost: null, webmailHost: null })
const silent = targetOf({ receives: false })

const CASES: [string, DnsMxObservation, CheckStatus, string, CheckTarget?][] = [
  ['both of ours', seen(OURS), 'pass', 'ok'],
  ['ours in capitals', seen(['10 MX1.Example.NET', '20 mx2.example.net']), 'pass', 'ok'],
  [
    'anything that resolves, without a mail host',
    seen(['10 mx.elsewhere.example'], [host('mx.elsewhere.example')]),
    'pass',
    'ok',
    alone,
  ],
  [
    'one target whose address is not known, the other is',
    seen(OURS, [host('mx1.example.net', 'servfail', 'servfail'), host('mx2.example.net')]),
    'pass',
    'ok',
  ],
  [
    'a documentation address, which is no inner one',
    seen(OURS, [host('mx1.example.net', ['203.0.113.25']), host('mx2.example.net')]),
    'pass',
    'ok',
  ],
  ['a null MX where no mail is wanted', seen(['0 .'], []), 'pass', 'null-mx-ok', silent],
  ['nothing at all where no mail is wanted', seen('nodata', [], ['nodata', 'nodata']), 'pass', 'not-receiving-ok', silent],
  ['no such domain', seen('nxdomain', []), 'fail', 'nxdomain'],
  ['no MX and no address', seen('nodata', [], ['nodata', 'nodata']), 'fail', 'missing'],
  ['no MX, and the address is not known', seen('nodata', [], ['nodata', 'timeout']), 'unknown', 'dns-timeout'],
  ['no MX but an address', seen('nodata', [], [['192.0.2.1'], 'servfail']), 'warn', 'implicit-mx'],
  ['a null MX where mail is wanted', seen(['0 .'], []), 'fail', 'null-mx'],
  ['a null MX beside ours', seen(['0 .', ...OURS]), 'warn', 'null-mx-mixed'],
  ['a null MX with a preference', seen(['10 .'], []), 'warn', 'null-mx-preference', silent],
  ['an MX where no mail is wanted', seen(OURS), 'warn', 'unexpected-mx', silent],
  ['another provider', seen(['10 mx.elsewhere.example'], [host('mx.elsewhere.example')]), 'fail', 'not-ours'],
  ['a name that only ends like ours', seen(['10 xmx1.example.net'], [host('xmx1.example.net')]), 'fail', 'not-ours'],
  ['a foreign host before ours', seen(['5 mx.elsewhere.example', ...OURS]), 'fail', 'foreign-primary'],
  ['a foreign host beside ours with the same preference', seen(['10 mx.elsewhere.example', ...OURS]), 'warn', 'foreign-extra'],
  ['a foreign host behind ours', seen([...OURS, '50 mx.elsewhere.example']), 'warn', 'foreign-extra'],
  ['only one of ours', seen(['10 mx1.example.net'], [host('mx1.example.net')]), 'warn', 'incomplete'],
  ['an address instead of a name', seen(['10 192.0.2.1'], []), 'fail', 'ip-literal'],
  ['a name made of digits, which is none', seen(['10 192.0.2.example'], [host('192.0.2.example')]), 'pass', 'ok', alone],
  [
    'no target exists',
    seen(OURS, [host('mx1.example.net', 'nxdomain', 'nxdomain'), host('mx2.example.net', 'nodata')]),
    'fail',
    'target-unresolvable',
  ],
  [
    'no target is known, one for a fault',
    seen(OURS, [host('mx1.example.net', 'nxdomain', 'nxdomain'), host('mx2.example.net', 'nodata', 'servfail')]),
    'unknown',
    'dns-servfail',
  ],
  [
    'one of two targets is gone',
    seen(OURS, [host('mx1.example.net'), host('mx2.example.net', 'nxdomain', 'nxdomain')]),
    'warn',
    'some-unresolvable',
  ],
  ['an inner address', seen(OURS, [host('mx1.example.net', ['10.0.0.1']), host('mx2.example.net')]), 'fail', 'private-address'],
  ['localhost', seen(['10 localhost'], [host('localhost', ['127.0.0.1'])]), 'fail', 'private-address', alone],
  [
    'an alias',
    seen(OURS, [host('mx1.example.net', ['192.0.2.1'], 'nodata', ['real.example.net']), host('mx2.example.net')]),
    'warn',
    'cname-target',
  ],
  ['a host twice', seen(['10 mx1.example.net', '15 mx1.example.net', '20 mx2.example.net']), 'warn', 'duplicate'],
]

describe('dns_mx', () => {
  it.each(CASES)('%s', (_, observation, status, reason, target = targetOf()) => {
    expect(evaluateDnsMx(observation, target)).toMatchObject({ status, reason })
  })

  it('has a case for every reason of its catalogue', () => {
    const given = new Set(CASES.map(([, , , reason]) => reason))
    expect(Object.keys(dnsMxReasons).filter((reason) => !given.has(reason))).toEqual([])
  })

  it.each<[DnsOutcome, string]>([
    ['servfail', 'dns-servfail'],
    ['refused', 'dns-refused'],
    ['timeout', 'dns-timeout'],
    ['truncated', 'dns-truncated'],
    ['formerr', 'dns-fault'],
    ['notimp', 'dns-fault'],
    ['malformed', 'dns-fault'],
    ['network', 'dns-fault'],
  ])('never fails for %s', (outcome, reason) => {
    expect(evaluateDnsMx(seen(outcome, []), targetOf())).toMatchObject({ status: 'unknown', reason })
  })

  it('warns when the resolvers disagree, whichever way', () => {
    const pass = { ...seen(OURS), mx: answerOf(DOMAIN, 'MX', OURS, { disagree: true }) }
    expect(evaluateDnsMx(pass, targetOf())).toMatchObject({ status: 'warn', reason: 'resolvers-disagree' })
    const gone = { ...seen('nxdomain', []), mx: answerOf(DOMAIN, 'MX', 'nxdomain', { disagree: true }) }
    expect(evaluateDnsMx(gone, targetOf())).toMatchObject({ status: 'warn', reason: 'resolvers-disagree' })
    const foreign = { ...seen(['10 x.example']), mx: answerOf(DOMAIN, 'MX', ['10 x.example'], { disagree: true }) }
    expect(evaluateDnsMx(foreign, targetOf())).toMatchObject({ status: 'fail', reason: 'not-ours' })
  })

  it('keeps its evidence small when a zone lists 500 hosts with names that never end', () => {
    const hosts = Array.from({ length: 500 }, (_, i) => `10 mx${i}.${'a'.repeat(9_000)}.example`)
    const { evidence, params } = evaluateDnsMx(seen(hosts, []), targetOf())
    expect(evidence.found.mx).toHaveLength(51)
    expect(JSON.stringify({ evidence, params }).length).toBeLessThan(1_000_000)
    expect(evidence.lookups[0]?.values.at(-1)).toBe('… and 450 more')
  })
})
