import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseDomain } from './domain-name'

const LABEL_63 = 'a'.repeat(63)
const NAME_253 = [LABEL_63, LABEL_63, LABEL_63, 'b'.repeat(57), 'pt'].join('.') + 'x'

describe('a name that can be a mail domain', () => {
  it.each([
    ['example.org', 'example.org', 'example.org'],
    ['  example.org\n', 'example.org', 'example.org'],
    ['Example.ORG', 'example.org', 'example.org'],
    ['example.org.', 'example.org', 'example.org'],
    ['example。org', 'example.org', 'example.org'],
    ['example.org。', 'example.org', 'example.org'],
    ['MÜNCHEN.de', 'xn--mnchen-3ya.de', 'münchen.de'],
    ['mu\u0308nchen.de', 'xn--mnchen-3ya.de', 'münchen.de'],
    ['XN--mnchen-3ya.de', 'xn--mnchen-3ya.de', 'münchen.de'],
    ['straße.de', 'xn--strae-oqa.de', 'straße.de'],
    ['例え.jp', 'xn--r8jz45g.jp', '例え.jp'],
    ['пример.рф', 'xn--e1afmkfd.xn--p1ai', 'пример.рф'],
    ['ｅｘａｍｐｌｅ.org', 'example.org', 'example.org'],
    ['a\u00adb.de', 'ab.de', 'ab.de'],
    ['0.pt', '0.pt', '0.pt'],
    ['a-b--c.pt', 'a-b--c.pt', 'a-b--c.pt'],
    ['example.co.uk', 'example.co.uk', 'example.co.uk'],
    ['deep.mail.example.test', 'deep.mail.example.test', 'deep.mail.example.test'],
    [`${LABEL_63}.pt`, `${LABEL_63}.pt`, `${LABEL_63}.pt`],
    [NAME_253, NAME_253, NAME_253],
    [`${NAME_253}.`, NAME_253, NAME_253],
  ])('%j becomes %s', (input, domain, unicode) => {
    expect(normaliseDomain(input)).toEqual({ ok: true, domain, unicode })
  })
})

describe('a name that cannot be one is refused with the reason', () => {
  it.each([
    ['', /missing/],
    ['   ', /missing/],
    ['.', /missing/],
    ['..', /label empty/],
    ['localhost', /single label/],
    ['com', /single label/],
    ['org.', /single label/],
    ['münchen', /single label/],
    ['co.uk', /public suffix/],
    ['com.br', /public suffix/],
    ['foo.ck', /public suffix/],
    ['xn--55qx5d.cn', /public suffix/],
    ['example..org', /label empty/],
    ['.example.org', /label empty/],
    ['example.org..', /label empty/],
    ['192.0.2.1', /IP address/],
    ['192.0.2.1.', /IP address/],
    ['127.1', /IP address/],
    ['0x7f.0.0.1', /IP address/],
    ['2001:db8::1', /IP address/],
    ['[2001:db8::1]', /IP address/],
    ['::ffff:192.0.2.1', /IP address/],
    ['example.123', /last label/],
    ['-example.org', /hyphen/],
    ['example-.org', /hyphen/],
    ['_dmarc.example.org', /underscore/],
    ['exam_ple.org', /underscore/],
    ['exam＿ple.org', /only letters/],
    ['*.example.org', /wildcard/],
    ['https://example.org/', /not a URL/],
    ['example.org/path', /not a URL/],
    ['example.org?x', /not a URL/],
    ['example.org#x', /not a URL/],
    ['example.org\\x', /not a URL/],
    ['example.org:443', /port/],
    ['anna@example.org', /after the @/],
    ['mailto:anna@example.org', /after the @/],
    ['exam ple.org', /space/],
    ['exam\tple.org', /space/],
    ['exam\u0000ple.org', /control/],
    ['ex%61mple.org', /only letters/],
    ['ex％61mple.org', /character here/],
    ['example.org;', /only letters/],
    ['"example.org"', /only letters/],
    ['<example.org>', /only letters/],
    ['xn--.org', /xn--/],
    ['xn--a.org', /xn--/],
    ['xn--zzzzzzzz99999.org', /xn--/],
    ['xn--aü.de', /xn--/],
    ['\u0301a.org', /character here/],
    ['a\u200db.org', /character here/],
    ['a\ud800.org', /character here/],
    [`${'a'.repeat(64)}.pt`, /63 octets/],
    [`${'ü'.repeat(63)}.pt`, /63 octets|character here/],
    [`${NAME_253}z`, /253 octets/],
  ])('%j', (input, reason) => {
    const result = normaliseDomain(input)
    expect(result).toEqual({ ok: false, reason: expect.stringMatching(reason) })
  })
})

it('megabytes are refused at once', () => {
  expect(normaliseDomain('a.'.repeat(5_000_000))).toEqual({ ok: false, reason: expect.stringMatching(/253 octets/) })
})

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 5 }).map((labels) => labels.join('.')),
  fc.domain(),
  fc.domain().map((name) => `${name.toUpperCase()}.`),
)

describe('for any text', () => {
  it('what is accepted is a fixed point, and its own script leads back to it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const first = normaliseDomain(text)
        if (!first.ok) return
        expect(normaliseDomain(first.domain)).toEqual(first)
        expect(normaliseDomain(first.unicode)).toEqual(first)
      }),
      { numRuns: 3_000 },
    )
  })

  it('what is accepted is a host name of RFC 1123 within its limits', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const result = normaliseDomain(text)
        if (!result.ok) return
        expect(result.domain).toMatch(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
        expect(result.domain.length).toBeLessThanOrEqual(253)
      }),
      { numRuns: 3_000 },
    )
  })
})
