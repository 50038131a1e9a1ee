import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ServiceError } from '#shared/errors'
import { freshBytes } from './random'

/** Seals small secrets for the database: AES-256-GCM under a key derived from VIGIA_SECRET_KEY; `purpose` binds a box to its column. */
export interface SecretBox {
  seal(purpose: string, plain: string): string
  /** @throws ServiceError INTERNAL when the box was sealed under another key, for another purpose, or changed */
  open(purpose: string, box: string): string
  /** A further secret for `purpose`, hex; the same for the same key. */
  derive(purpose: string): string
  /** Keyed tag for exact look-ups of a value that is not stored in clear, hex. */
  tag(purpose: string, value: string): string
}

const IV_BYTES = 12
const TAG_BYTES = 16
const MIN_KEY_CHARS = 32

/** AES-256-GCM with a random nonce; base64 of nonce, tag and ciphertext. */
export function sealWith(key: Buffer, purpose: string, plain: string): string {
  const iv = freshBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose))
  const body = cipher.update(plain, 'utf8')
  // GCM has no rest: this makes the tag.
  cipher.final()
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
}

/** @throws ServiceError INTERNAL when the box does not open with this key and purpose */
export function openWith(key: Buffer, purpose: string, box: string): string {
  try {
    const bytes = Buffer.from(box, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES)).setAAD(Buffer.from(purpose))
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    const plain = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES))
    // GCM has no rest: this checks the tag.
    decipher.final()
    return plain.toString('utf8')
  } catch (cause) {
    throw new ServiceError('INTERNAL', 'A stored secret does not open with VIGIA_SECRET_KEY', { cause })
  }
}

export function createSecretBox(masterKey: string): SecretBox {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', masterKey, 'vigia', purpose, 32))
  const boxKey = derive('box')
  const tagKey = derive('tag')
  return {
    seal: (purpose, plain) => sealWith(boxKey, purpose, plain),
    open: (purpose, box) => openWith(boxKey, purpose, box),
    derive: (purpose) => derive(`derived:${purpose}`).toString('hex'),
    tag: (purpose, value) => createHmac('sha256', tagKey).update(`${purpose}\0${value}`).digest('hex'),
  }
}

/**
 * The key of the environment, else the one in the data folder, made on the first start with mode 0600.
 * @throws ServiceError STORAGE_UNAVAILABLE when that file holds no key
 */
export function loadMasterKey(secretKey: string | null, dataDir: string): string {
  if (secretKey) return secretKey
  const file = join(dataDir, 'secret.key')
  if (!existsSync(file)) {
    try {
      writeFileSync(file, randomBytes(32).toString('hex') + '\n', { mode: 0o600, flag: 'wx' })
    } catch (error) {
      // Two processes may start at once: the one that came second reads the first one's key.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  const key = readFileSync(file, 'utf8').trim()
  // Cut short, by a full disk or a crash, it would seal everything under a key that anybody can guess.
  if (key.length < MIN_KEY_CHARS)
    throw new ServiceError('STORAGE_UNAVAILABLE', `${file} holds no key: put it back from your backup`)
  return key
}
