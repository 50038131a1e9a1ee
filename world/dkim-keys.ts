import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'

/** The selector that every sample domain signs with. */
export const SELECTOR = 's2026'

/** Public keys as `p=` carries them (RFC 6376 §3.6.1): base64 of the SubjectPublicKeyInfo. The private halves are thrown away. */
export interface DkimKeys {
  ours: string
  other: string
  rsa1024: string
  rsa768: string
}

async function rsa(modulusLength: number): Promise<string> {
  const { publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength })
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
}

/** Four keys for all domains: making RSA keys is slow, and no check sees that they are shared. */
export async function makeDkimKeys(): Promise<DkimKeys> {
  const [ours, other, rsa1024, rsa768] = await Promise.all([rsa(2048), rsa(2048), rsa(1024), rsa(768)])
  return { ours, other, rsa1024, rsa768 }
}
