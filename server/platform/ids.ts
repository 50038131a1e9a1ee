import { freshBytes } from './random'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A ULID (https://github.com/ulid/spec): 48 bits of milliseconds and 80 random bits, sortable as text. */
export function ulid(nowMs: number): string {
  let time = ''
  for (let rest = nowMs, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = ALPHABET[rest % 32] + time
  let tail = ''
  for (const byte of freshBytes(16)) tail += ALPHABET[byte % 32]
  return time + tail
}
