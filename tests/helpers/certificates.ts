import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CRLDistributionPointsExtension,
  cryptoProvider,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
  type Extension,
  type X509Certificate,
} from '@peculiar/x509'

const crypto = webcrypto as Crypto
cryptoProvider.set(crypto)

const DAY_MS = 86_400_000
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 }

export interface MintOptions {
  /** Subject alternative names; those that look like IPs become IP entries. */
  names: string[]
  commonName?: string
  notBefore?: Date
  notAfter?: Date
  keyType?: 'ec' | 'rsa'
  /** Extended key usages, as object identifiers. */
  usages?: string[]
  /** Where the authority lists what it revoked. */
  crlUrl?: string
}

/** A certificate and its key as PEM. `chain` is the leaf and what a server has to send with it. */
export interface Minted {
  cert: string
  chain: string
  key: string
  /** Hex. */
  serialNumber: string
}

export interface CertificateAuthority {
  cert: string
  mint(options: MintOptions): Promise<Minted>
  /** An authority whose certificates need this one's to lead to the root. */
  intermediate(): Promise<CertificateAuthority>
  /** A list (DER) of certificates that it has revoked, by their serial numbers (hex). */
  revocationList(serialNumbers: string[], nextUpdate?: Date): Promise<Buffer>
}

interface Issuer {
  certificate: X509Certificate
  keys: CryptoKeyPair
  /** PEM of the intermediates that a server has to send. */
  sent: string
}

/** An authority of our own, with a fresh key. */
export async function createAuthority(name = 'Test Root'): Promise<CertificateAuthority> {
  const keys = await generateKeys(ECDSA)
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...{ serialNumber: serial(), name: `CN=${name}`, keys, signingAlgorithm: ECDSA },
    ...{ notBefore: new Date(Date.now() - 10 * DAY_MS), notAfter: new Date(Date.now() + 3650 * DAY_MS) },
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  })
  return authorityOf({ certificate, keys, sent: '' })
}

/** A certificate that nobody but itself vouches for. */
export async function mintSelfSigned(options: MintOptions): Promise<Minted> {
  const algorithm = options.keyType === 'rsa' ? RSA : ECDSA
  const keys = await generateKeys(algorithm)
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...{ serialNumber: serial(), name: subjectOf(options), keys, signingAlgorithm: algorithm, ...validity(options) },
    extensions: [alternativeNames(options.names)],
  })
  return {
    cert: certificate.toString('pem'),
    chain: certificate.toString('pem'),
    key: await keyPem(keys),
    serialNumber: certificate.serialNumber,
  }
}

function authorityOf(issuer: Issuer): CertificateAuthority {
  return {
    cert: issuer.certificate.toString('pem'),
    async mint(options) {
      const keys = await generateKeys(options.keyType === 'rsa' ? RSA : ECDSA)
      const leaf = await issue(issuer, subjectOf(options), keys, validity(options), [
        ...extensionsOf(options),
        await AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
      ])
      const cert = leaf.toString('pem')
      return { cert, chain: `${cert}\n${issuer.sent}`, key: await keyPem(keys), serialNumber: leaf.serialNumber }
    },
    async intermediate() {
      const keys = await generateKeys(ECDSA)
      const certificate = await issue(issuer, 'CN=Test Intermediate', keys, validity({}), [
        new BasicConstraintsExtension(true, 0, true),
      ])
      return authorityOf({ certificate, keys, sent: `${certificate.toString('pem')}\n${issuer.sent}` })
    },
    async revocationList(serialNumbers, nextUpdate = new Date(Date.now() + 7 * DAY_MS)) {
      const list = await X509CrlGenerator.create({
        ...{ issuer: issuer.certificate.subject, thisUpdate: new Date(Date.now() - DAY_MS), nextUpdate },
        entries: serialNumbers.map((serialNumber) => ({ serialNumber, revocationDate: new Date(Date.now() - DAY_MS) })),
        ...{ signingKey: issuer.keys.privateKey, signingAlgorithm: ECDSA },
      })
      return Buffer.from(list.rawData)
    },
  }
}

function issue(
  issuer: Issuer,
  subject: string,
  keys: CryptoKeyPair,
  dates: ReturnType<typeof validity>,
  extensions: Extension[],
): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    ...{ serialNumber: serial(), subject, issuer: issuer.certificate.subject, publicKey: keys.publicKey },
    ...{ signingKey: issuer.keys.privateKey, signingAlgorithm: ECDSA, extensions, ...dates },
  })
}

function validity({ notBefore, notAfter }: Pick<MintOptions, 'notBefore' | 'notAfter'>) {
  return { notBefore: notBefore ?? new Date(Date.now() - DAY_MS), notAfter: notAfter ?? new Date(Date.now() + 90 * DAY_MS) }
}

function subjectOf({ commonName, names }: MintOptions): string {
  return `CN=${commonName ?? names[0] ?? 'nobody'}`
}

function extensionsOf({ names, usages, crlUrl }: MintOptions): Extension[] {
  return [
    alternativeNames(names),
    ...(usages ? [new ExtendedKeyUsageExtension(usages)] : []),
    ...(crlUrl ? [new CRLDistributionPointsExtension([crlUrl])] : []),
  ]
}

function alternativeNames(names: string[]): SubjectAlternativeNameExtension {
  return new SubjectAlternativeNameExtension(
    names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
  )
}

async function generateKeys(algorithm: typeof ECDSA | typeof RSA): Promise<CryptoKeyPair> {
  return (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair
}

async function keyPem({ privateKey }: CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey))
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`
}

/** 16 octets, positive. */
function serial(): string {
  const octets = Buffer.from(crypto.getRandomValues(new Uint8Array(16)))
  octets[0] = (octets[0]! & 0x7f) | 1
  return octets.toString('hex')
}
