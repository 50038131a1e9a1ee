import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadMasterKey } from './secrets'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigia-key-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

it('makes a key that only its owner can read, and keeps it', () => {
  const key = loadMasterKey(null, dir)
  expect(key).toMatch(/^[0-9a-f]{64}$/)
  expect(statSync(join(dir, 'secret.key')).mode & 0o777).toBe(0o600)
  expect(loadMasterKey(null, dir)).toBe(key)
})

it('refuses a key file that was cut short', () => {
  writeFileSync(join(dir, 'secret.key'), '')
  expect(() => loadMasterKey(null, dir)).toThrow('holds no key')
})
