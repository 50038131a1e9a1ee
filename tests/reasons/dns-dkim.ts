import { generateKeyPairSync } from 'node:crypto'
import { dnsDkim } from '#server/services/checks/collectors/dns-dkim'
import type { CheckTarget } from '#server/services/checks/collectors/contract'
import { DOMAIN, targetOf } from '../helpers/check-facts'
import { zoneTable, type StubZone, type ZoneCase } from './contract'

const rsa = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits }).publicKey
const spki = (key: ReturnType<typeof rsa>) => key.export({ type: 'spki', format: 'der' }).toString('base64')
const [ourKey, otherKey] = [rsa(2048), rsa(2048)]
const [ours, other, short, shorter, weak] = [spki(ourKey), spki(otherKey), spki(rsa(1024)), spki(rsa(2047)), spki(rsa(1023))]
const pkcs1 = ourKey.export({ type: 'pkcs1', format: 'der' }).toString('base64')
const pem = ourKey.export({ type: 'spki', format: 'pem' }).toString()
const edKey = generateKeyPairSync('ed25519').publicKey
const edRaw = Buffer.from(edKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')
const edSpki = edKey.export({ type: 'spki', format: 'der' }).toString('base64')

const at = (selector: string, said: StubZone[string]): StubZone => ({ [`TXT ${selector}._domainkey.${DOMAIN}`]: said })
const one = (text: string) => at('s1', [text])
const good = `v=DKIM1; k=rsa; p=${ours}`
const alias = { cnames: ['s1.dkim.example.net'] }

/** A target that signs with `s1` (and more) and whose key there is declared, or not. */
const signing = (publicKey: string | undefined, ...more: string[]): { target: CheckTarget } => ({
  target: targetOf({
    dkim: [{ selector: 's1', ...(publicKey ? { publicKey } : {}) }, ...more.map((selector) => ({ selector }))],
  }),
})
const undeclared = signing(undefined)
const two = signing(ours, 's2')
const withSubdomains = { target: targetOf({ dkim: [{ selector: 's1', publicKey: ours }], signedSubdomains: [`shop.${DOMAIN}`] }) }

const GOOD: ZoneCase[] = [
  ['our key', one(good), 'pass', 'ok', { misses: ['key-differs', 'missing', 'short-key', 'wrong-version', 'no-key', 'bad-key'] }],
  ['our key, declared as PEM', one(good), 'pass', 'ok', { ...signing(pem), misses: ['key-differs'] }],
  ['our key, published as RSAPublicKey', one(`p=${pkcs1}`), 'pass', 'ok', { misses: ['key-differs', 'wrong-version'] }],
  [
    'our key folded by white space',
    one(`v=DKIM1; p=${ours.slice(0, 50)} \t${ours.slice(50)}`),
    'pass',
    'ok',
    {
      misses: ['panel-artefacts', 'bad-key'],
    },
  ],
  ['a key when none is declared', one(good), 'pass', 'ok', { ...undeclared, misses: ['no-selector'] }],
  [
    'our key beside a text that is no key',
    at('s1', [good, 'verification=1']),
    'pass',
    'ok',
    { misses: ['multiple', 'malformed'] },
  ],
  ['our key behind an alias', at('s1', { said: [good], ...alias }), 'pass', 'ok', { misses: ['dangling-cname'] }],
  [
    'a good selector beside one that is not known',
    { ...one(good), ...at('s2', 'servfail') },
    'pass',
    'ok',
    {
      ...two,
      misses: ['some-selectors-bad'],
    },
  ],
  [
    'RSA and Ed25519',
    { ...one(good), ...at('s2', [`v=DKIM1; k=ed25519; p=${edRaw}`]) },
    'pass',
    'ok',
    {
      ...two,
      misses: ['only-ed25519', 'ed25519-wrapped', 'unknown-type'],
    },
  ],
  ['t=s where no subdomain signs', one(`v=DKIM1; t=s; p=${ours}`), 'pass', 'ok', { misses: ['testing', 'strict-subdomains'] }],
  ['a key for mail among others', one(`v=DKIM1; s=tlsrpt:email; p=${ours}`), 'pass', 'ok', { misses: ['not-for-email'] }],
  ['sha1 and sha256', one(`v=DKIM1; h=sha1:sha256; p=${ours}`), 'pass', 'ok', { misses: ['no-sha256'] }],
  ['a note that speaks of g=', one(`v=DKIM1; n=g=; p=${ours}`), 'pass', 'ok', { misses: ['obsolete-tag', 'revoked'] }],
]

const BAD: ZoneCase[] = [
  ['no such name', {}, 'fail', 'missing', { misses: ['dangling-cname'] }],
  ['no such name, and no key is declared', {}, 'fail', 'missing', undeclared],
  ['a name without texts', at('s1', 'nodata'), 'fail', 'missing'],
  ['an empty text', one(''), 'fail', 'missing', { misses: ['malformed', 'revoked'] }],
  ['an alias that leads nowhere', at('s1', { said: 'nxdomain', ...alias }), 'fail', 'dangling-cname', { misses: ['missing'] }],
  ['an empty p=', one('v=DKIM1; p='), 'fail', 'revoked', { misses: ['no-key', 'bad-key'] }],
  ['another key', one(`v=DKIM1; p=${other}`), 'fail', 'key-differs'],
  ['1023 bits', one(`v=DKIM1; p=${weak}`), 'fail', 'weak-key', { ...undeclared, misses: ['short-key'] }],
  ['two keys', at('s1', [good, `v=DKIM1; p=${other}`]), 'fail', 'multiple', { misses: ['key-differs'] }],
  ['no p=', one('v=DKIM1; k=rsa'), 'fail', 'no-key', { misses: ['revoked', 'malformed'] }],
  ['another version', one(`v=DKIM2; p=${ours}`), 'fail', 'wrong-version'],
  ['a version that is not first', one(`p=${ours}; v=DKIM1`), 'fail', 'wrong-version', undeclared],
  ['a tag twice', one(`v=DKIM1; p=${ours}; p=${ours}`), 'fail', 'malformed'],
  ['a text that is no key', one('verification=1'), 'fail', 'malformed', { misses: ['missing', 'no-key'] }],
  ['broken base64', one(`v=DKIM1; p=${ours.slice(0, -7)}!`), 'fail', 'bad-key', { misses: ['malformed'] }],
  ['base64 of something else', one('v=DKIM1; p=dmlnaWE='), 'fail', 'bad-key', undeclared],
  [
    'Ed25519 in its DER wrapping',
    one(`v=DKIM1; k=ed25519; p=${edSpki}`),
    'fail',
    'ed25519-wrapped',
    { ...signing(edSpki), misses: ['bad-key'] },
  ],
  ['an unknown type', one(`v=DKIM1; k=dilithium; p=${ours}`), 'fail', 'unknown-type', { misses: ['bad-key'] }],
  ['a key for something else', one(`v=DKIM1; s=tlsrpt; p=${ours}`), 'fail', 'not-for-email', undeclared],
  ['sha1 only', one(`v=DKIM1; h=sha1; p=${ours}`), 'fail', 'no-sha256', undeclared],
]

const DOUBTFUL: ZoneCase[] = [
  ['1024 bits', one(`v=DKIM1; p=${short}`), 'warn', 'short-key', { ...undeclared, misses: ['weak-key'] }],
  ['2047 bits', one(`v=DKIM1; p=${shorter}`), 'warn', 'short-key', { ...undeclared, misses: ['ok'] }],
  ['a test', one(`v=DKIM1; t=y; p=${ours}`), 'warn', 'testing', undeclared],
  ['a test, and t=s', one(`v=DKIM1; t=s:y; p=${ours}`), 'warn', 'testing'],
  ['t=s where a subdomain signs with this key', one(`v=DKIM1; t=s; p=${ours}`), 'warn', 'strict-subdomains', withSubdomains],
  ['the tag g=', one(`v=DKIM1; g=*; p=${ours}`), 'warn', 'obsolete-tag', undeclared],
  ['backslashes of a panel', one(`v=DKIM1\\; k=rsa\\; p=${ours}`), 'warn', 'panel-artefacts', undeclared],
  ['quotes of a panel', one(`"v=DKIM1; k=rsa; p=${ours}"`), 'warn', 'panel-artefacts'],
  ['Ed25519 alone', one(`v=DKIM1; k=ed25519; p=${edRaw}`), 'warn', 'only-ed25519', signing(edSpki)],
  ['a good selector beside a bad one', one(good), 'warn', 'some-selectors-bad', { ...two, misses: ['missing'] }],
  ['two resolvers that disagree', at('s1', { said: [good], disagree: true }), 'warn', 'resolvers-disagree'],
]

const UNDECIDED: ZoneCase[] = [
  ['no selector', {}, 'skipped', 'no-selector', { target: targetOf() }],
  [
    'a bad selector beside one that is not known',
    at('s2', 'timeout'),
    'unknown',
    'dns-timeout',
    {
      ...two,
      misses: ['missing', 'some-selectors-bad'],
    },
  ],
  ['a resolver in trouble', at('s1', 'servfail'), 'unknown', 'dns-servfail', { misses: ['missing'] }],
]

/** Every reason of `dns_dkim`. */
export const dnsDkimTable = zoneTable(dnsDkim, signing(ours).target, [...GOOD, ...BAD, ...DOUBTFUL, ...UNDECIDED])
