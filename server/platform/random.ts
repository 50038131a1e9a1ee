import { randomBytes, randomFillSync } from 'node:crypto'

const POOL_BYTES = 4_096

const pool = Buffer.alloc(POOL_BYTES)
let used = POOL_BYTES

/**
 * Bytes of the system's generator, taken from it by the thousand: for ids, salts and nonces by the thousand a second, where asking for
 * each handful costs more than what it is for. No byte is given twice, and none stays behind.
 */
export function freshBytes(count: number): Buffer {
  if (count > POOL_BYTES) return randomBytes(count)
  if (used + count > POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = Buffer.from(pool.subarray(used, used + count))
  pool.fill(0, used, used + count)
  used += count
  return bytes
}
