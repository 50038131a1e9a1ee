import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { webcrypto } from 'node:crypto'

x509.cryptoProvider.set(webcrypto as unknown as Crypto)

const DAY = 86_400_000
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** What is wrong with a certificate; `good` is nothing. All but the last three chain to the world's own root. */
export type CertificateKind =
  'good' | 'expired' | 'not-yet-valid' | 'renewal-overdue' | 'near-expiry' | 'wrong-name' | 'self-signed' | 'untrusted-root'

/**
 * Days from now to the start and the end. Every life is 90 days, as public authorities give it: renewal is due with 30 left, a warning
 * with fewer than 27, a failure with fewer than 9.
 */
const VALIDITY: Partial<Record<CertificateKind, [from: number, to: number]>> = {
  expired: [-93, -3],
  'not-yet-valid': [2, 92],
  'renewal-overdue': [-70, 20],
  'near-expiry': [-85, 5],
}
const GOOD: [number, number] = [-20, 70]

/** A certificate chain and its key, PEM. */
export interface ServerIdentity {
  cert: string
  key: string
}

interface Authority {
  certificate: x509.X509Certificate
  keys: CryptoKeyPair
}

const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<CryptoKeyPair>
const newSerial = () =>
  Buffer.from(webcrypto.getRandomValues(new Uint8Array(15)))
    .toString('hex')
    .replace(/^./, '4')

/** Mints certificates for the world. Keys live in this process's memory only. */
export class CertificateMint {
  private constructor(
    private readonly root: Authority,
    private readonly staging: Authority,
    private readonly now: number,
  ) {}

  static async create(now: number): Promise<CertificateMint> {
    const [root, staging] = await Promise.all([newRoot('Vigia Sample World Root', now), newRoot('(STAGING) Pretend Root', now)])
    return new CertificateMint(root, staging, now)
  }

  /** The root that the world's clients have to trust. */
  get caPem(): string {
    return this.root.certificate.toString('pem')
  }

  /** A certificate for the names (alternative names only, no common name, as current authorities issue) and its key. */
  async mint(names: string[], kind: CertificateKind = 'good'): Promise<ServerIdentity> {
    const keys = await newKeys()
    const issuer = kind === 'untrusted-root' ? this.staging : this.root
    const self = kind === 'self-signed'
    const dnsNames = kind === 'wrong-name' ? ['mail.previous-owner.example'] : names
    const [from, to] = VALIDITY[kind] ?? GOOD
    const subject = self ? `CN=${dnsNames[0]}` : ''
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: newSerial(),
      subject,
      issuer: self ? subject : issuer.certificate.subject,
      notBefore: new Date(this.now + from * DAY),
      notAfter: new Date(this.now + to * DAY),
      publicKey: keys.publicKey,
      signingKey: self ? keys.privateKey : issuer.keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1']),
        new x509.SubjectAlternativeNameExtension(
          dnsNames.map((value) => ({ type: 'dns' as const, value })),
          // RFC 5280 §4.1.2.6: critical where the subject is empty.
          !self,
        ),
        await x509.AuthorityKeyIdentifierExtension.create(self ? keys.publicKey : issuer.keys.publicKey),
      ],
    })
    // A staging server sends its root along, so that a client can tell "unknown root" from "incomplete chain".
    const chain = kind === 'untrusted-root' ? [certificate, this.staging.certificate] : [certificate]
    return { cert: chain.map((link) => link.toString('pem')).join('\n'), key: await toPem(keys.privateKey) }
  }
}

async function toPem(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}

async function newRoot(name: string, now: number): Promise<Authority> {
  const keys = await newKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: `CN=${name}, O=Vigia`,
    notBefore: new Date(now - 400 * DAY),
    notAfter: new Date(now + 3650 * DAY),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate, keys }
}
