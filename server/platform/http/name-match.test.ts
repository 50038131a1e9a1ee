import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameMatches, readSubjectNames } from './name-match'

const dns = (...names: string[]) => ({ dns: names, ips: [] })

describe('the names of a certificate', () => {
  it.each<[string, string]>([
    ['mail.example.org', 'mail.example.org'],
    ['MAIL.Example.org.', 'mail.EXAMPLE.org'],
    ['mail.example.org', '*.example.org'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['xn--bcher-kva.example.org', '*.example.org'],
    ['_dmarc.example.org', '_dmarc.example.org'],
  ])('%s is covered by %s', (host, presented) => {
    expect(nameMatches(host, dns('unrelated.example', presented))).toBe(true)
  })

  it.each<[string, string]>([
    ['mail.example.org', 'example.org'],
    ['example.org', '*.example.org'],
    ['a.b.example.org', '*.example.org'],
    ['mail.example.org', 'm*.example.org'],
    ['mail.example.org', '*l.example.org'],
    ['mail.example.org', 'mail.*.org'],
    ['mail.example.org', '*.*.org'],
    ['example', '*'],
    ['example.org', '*.org'],
    ['mailxexample.org', 'mail.example.org'],
    ['mail.example.org', 'mail.example.org\0.evil.example'],
    ['mail.example.org', 'mail.example.org.'],
    ['bücher.example', 'bücher.example'],
    ['', ''],
    ['.example.org', '*.example.org'],
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1', '*.0.2.1'],
  ])('%s is not covered by %j', (host, presented) => {
    expect(nameMatches(host, dns(presented))).toBe(false)
  })

  it('matches an IP by value against IP entries only', () => {
    const names = { dns: ['192.0.2.9'], ips: ['192.0.2.1', '2001:DB8:0:0:0:0:0:1'] }
    expect(
      ['192.0.2.1', '2001:db8::1', '[2001:db8::1]', '192.0.2.9', '2001:db8::2'].map((host) => nameMatches(host, names)),
    ).toEqual([...[true, true, true, false, false]])
  })

  it('reads the extension as Node writes it, and leaves quoted entries out', () => {
    expect(
      readSubjectNames(
        'DNS:a.example, IP Address:192.0.2.1, DNS:*.b.example, IP Address:2001:DB8:0:0:0:0:0:1, URI:http://c.example',
      ),
    ).toEqual({
      dns: ['a.example', '*.b.example'],
      ips: ['192.0.2.1', '2001:DB8:0:0:0:0:0:1'],
    })
    expect(readSubjectNames('DNS:"evil.example, DNS:victim.example", DNS:"a\\", DNS:victim.example", DNS:b.example').dns).toEqual(
      ['b.example'],
    )
    expect(readSubjectNames('DirName:"CN=x, DNS:victim.example", DNS:b.example').dns).toEqual(['b.example'])
    expect(readSubjectNames(undefined)).toEqual({ dns: [], ips: [] })
  })

  it('never throws, and never lets a wildcard reach more than one label', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (host, presented) => {
        nameMatches(host, dns(presented))
        readSubjectNames(presented)
      }),
    )
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 2, maxLength: 4 }), (labels) => {
        expect(nameMatches([...labels, 'example', 'org'].join('.'), dns('*.example.org'))).toBe(false)
      }),
    )
  })
})
