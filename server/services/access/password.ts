import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** RFC 7914 parameters, stored with each hash so that they can be raised later: 32 MiB, three passes. */
const COST = { N: 2 ** 15, r: 8, p: 3 }
const HASH_BYTES = 32
const SALT_BYTES = 16
const MAX_MEMORY_BYTES = 128 * 1024 * 1024

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)

/** `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive(password.normalize('NFKC'), salt, HASH_BYTES, { ...COST, maxmem: MAX_MEMORY_BYTES })
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** Compares in constant time; false for a hash that cannot be read. */
export async function matchesPassword(password: string, stored: string): Promise<boolean> {
  const match = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored)
  if (!match) return false
  const [N, r, p] = match.slice(1, 4).map(Number) as [number, number, number]
  const [salt, expected] = match.slice(4).map((part) => Buffer.from(part, 'base64url')) as [Buffer, Buffer]
  const hash = await derive(password.normalize('NFKC'), salt, expected.length, { N, r, p, maxmem: MAX_MEMORY_BYTES })
  return timingSafeEqual(hash, expected)
}

/** Without the letters and digits that are read as one another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Twenty characters in four groups, 99 bits of chance. */
export function generatePassword(): string {
  let text = ''
  while (text.length < 20) {
    const byte = randomBytes(1)[0]!
    // A byte past the last whole multiple would favour the first letters.
    if (byte < 256 - (256 % ALPHABET.length)) text += ALPHABET[byte % ALPHABET.length]
  }
  return text.match(/.{5}/g)!.join('-')
}
