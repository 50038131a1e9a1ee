import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { DnsAnswer, DnsOutcome } from '#server/platform/dns/types'
import type { CheckStatus } from '#shared/schemas/checks'
import { answerOf, DOMAIN, targetOf } from '../../../../tests/helpers/check-facts'
import { dnsDkimReasons } from '../reasons/dns-dkim'
import { readDeclaredKey } from './dkim-key'
import { evaluateDnsDkim } from './dns-dkim'

const rsa = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits }).publicKey
const spki = (key: ReturnType<typeof rsa>) => key.export({ type: 'spki', format: 'der' }).toString('base64')
const [ourKey, otherKey, short, weak] = [rsa(2048), rsa(2048), rsa(1024), rsa(768)]
const ours = spki(ourKey)
const pkcs1 = ourKey.export({ type: 'pkcs1', format: 'der' }).toString('base64')
const pem = ourKey.export({ type: 'spki', format: 'pem' }).toString()
const edKey = generateKeyPairSync('ed25519').publicKey
const edRaw = Buffer.from(edKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')
const edSpki = edKey.export({ type: 'spki', format: 'der' }).toString('base64')
const good = `v=DKIM1; k=rsa; p=${ours}`

type Published = string[] | DnsOutcome
const key = (selector: string, published: Published, changes: Partial<DnsAnswer> = {}) => ({
  selector,
  answer: answerOf(`${selector}._domainkey.${DOMAIN}`, 'TXT', published, changes),
})
const one = (published: Published, changes?: Partial<DnsAnswer>) => [key('s1', published, changes)]
/** A row: what is published at each selector, and the declared key of `s1`. */
const CASES: [string, ReturnType<typeof one>, CheckStatus, string, string?][] = [
  ['our key', one([good]), 'pass', 'ok', ours],
  ['our key, declared as PEM', one([good]), 'pass', 'ok', pem],
  ['our key, published as RSAPublicKey', one([`p=${pkcs1}`]), 'pass', 'ok', ours],
  ['our key folded by white space', one([`v=DKIM1; p=${ours.slice(0, 50)} \t${ours.slice(50)}`]), 'pass', 'ok', ours],
  ['a key when none is declared', one([good]), 'pass', 'ok'],
  ['our key beside a text that is no key', one([good, 'verification=1']), 'pass', 'ok', ours],
  ['our key behind an alias', one([good], { cnames: ['s1.dkim.example.net'] }), 'pass', 'ok', ours],
  ['a good selector beside one that is not known', [key('s1', [good]), key('s2', 'servfail')], 'pass', 'ok', ours],
  ['RSA and Ed25519', [key('s1', [good]), key('s2', [`v=DKIM1; k=ed25519; p=${edRaw}`])], 'pass', 'ok', ours],
  ['no selector', [], 'skipped', 'no-selector'],
  ['no such name', one('nxdomain'), 'fail', 'missing', ours],
  ['a name without texts', one('nodata'), 'fail', 'missing', ours],
  ['an empty text', one(['']), 'fail', 'missing', ours],
  ['an alias that leads nowhere', one('nxdomain', { cnames: ['s1.dkim.example.net'] }), 'fail', 'dangling-cname', ours],
  ['an empty p=', one(['v=DKIM1; p=']), 'fail', 'revoked', ours],
  ['another key', one([`v=DKIM1; p=${spki(otherKey)}`]), 'fail', 'key-differs', ours],
  ['768 bits', one([`v=DKIM1; p=${spki(weak)}`]), 'fail', 'weak-key'],
  ['1024 bits', one([`v=DKIM1; p=${spki(short)}`]), 'warn', 'short-key'],
  ['two keys', one([good, `v=DKIM1; p=${spki(otherKey)}`]), 'fail', 'multiple', ours],
  ['a test', one([`v=DKIM1; t=y; p=${ours}`]), 'warn', 'testing', ours],
  ['t=s, which is no test', one([`v=DKIM1; t=s; p=${ours}`]), 'pass', 'ok', ours],
  ['no p=', one(['v=DKIM1; k=rsa']), 'fail', 'malformed'],
  ['another version', one([`v=DKIM2; p=${ours}`]), 'fail', 'malformed'],
  ['a version that is not first', one([`p=${ours}; v=DKIM1`]), 'fail', 'malformed'],
  ['a tag twice', one([`v=DKIM1; p=${ours}; p=${ours}`]), 'fail', 'malformed'],
  ['broken base64', one([`v=DKIM1; p=${ours.slice(0, -7)}!`]), 'fail', 'malformed'],
  ['Ed25519 in its DER wrapping', one([`v=DKIM1; k=ed25519; p=${edSpki}`]), 'fail', 'malformed'],
  ['a text that is no key', one(['verification=1']), 'fail', 'malformed'],
  ['an unknown type', one([`v=DKIM1; k=dilithium; p=${ours}`]), 'fail', 'unknown-type'],
  ['a key for something else', one([`v=DKIM1; s=tlsrpt; p=${ours}`]), 'fail', 'not-for-email'],
  ['a key for mail among others', one([`v=DKIM1; s=tlsrpt:email; p=${ours}`]), 'pass', 'ok', ours],
  ['sha1 only', one([`v=DKIM1; h=sha1; p=${ours}`]), 'fail', 'no-sha256'],
  ['sha1 and sha256', one([`v=DKIM1; h=sha1:sha256; p=${ours}`]), 'pass', 'ok', ours],
  ['the tag g=', one([`v=DKIM1; g=*; p=${ours}`]), 'warn', 'obsolete-tag', ours],
  ['backslashes of a panel', one([`v=DKIM1\\; k=rsa\\; p=${ours}`]), 'warn', 'panel-artefacts', ours],
  ['Ed25519 alone', one([`v=DKIM1; k=ed25519; p=${edRaw}`]), 'warn', 'only-ed25519', edSpki],
  ['a good selector beside a bad one', [key('s1', [good]), key('s2', 'nxdomain')], 'warn', 'some-selectors-bad', ours],
  ['a bad selector beside one that is not known', [key('s1', 'nxdomain'), key('s2', 'timeout')], 'unknown', 'dns-timeout', ours],
  ['a resolver in trouble', one('servfail'), 'unknown', 'dns-servfail', ours],
]

describe('dns_dkim', () => {
  it.each(CASES)('%s', (_, keys, status, reason, publicKey) => {
    const dkim = keys.map(({ selector }) => ({ selector, ...(publicKey && selector === 's1' ? { publicKey } : {}) }))
    expect(evaluateDnsDkim({ keys }, targetOf({ dkim }))).toMatchObject({ status, reason })
  })

  it('has a case for every reason of its catalogue', () => {
    const given = new Set(CASES.map(([, , , reason]) => reason))
    expect(Object.keys(dnsDkimReasons).filter((reason) => !given.has(reason))).toEqual([])
  })

  it('shows the text that was found and the chain that led to it', () => {
    const keys = one([`v=DKIM1; p=${spki(otherKey)}`], { cnames: ['s1.dkim.example.net'] })
    const { evidence } = evaluateDnsDkim({ keys }, targetOf({ dkim: [{ selector: 's1', publicKey: ours }] }))
    expect(evidence.lookups[0]).toMatchObject({ values: [`v=DKIM1; p=${spki(otherKey)}`], cnames: ['s1.dkim.example.net'] })
    expect(evidence.found.keys).toEqual({ s1: [`v=DKIM1; p=${spki(otherKey)}`] })
  })

  it('knows a key by its numbers, however it is written', () => {
    const forms = [ours, pkcs1, pem, ours.replace(/(.{64})/g, '$1\n')]
    expect(new Set(forms.map((form) => readDeclaredKey(form)?.identity)).size).toBe(1)
    expect(readDeclaredKey(edSpki)?.identity).toBe(readDeclaredKey(edRaw)?.identity)
    expect(readDeclaredKey('no key')).toBeNull()
  })
})
