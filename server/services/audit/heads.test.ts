import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readHeads, rememberHeads } from './heads'

let dataDir: string
beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'vigia-heads-'))))
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const head = (size: number) => ({ size, root: `root of ${size}` })

describe('heads that are remembered', () => {
  it('are all there when several remember at once, and nothing else stays behind', async () => {
    const logs = Array.from({ length: 8 }, (_, n) => `p_${n}`)
    await Promise.all(logs.map((log, n) => rememberHeads(dataDir, { [log]: head(n + 1) })))
    expect(readHeads(dataDir)).toEqual(Object.fromEntries(logs.map((log, n) => [log, [head(n + 1)]])))
    expect(readdirSync(dataDir)).toEqual(['audit-heads.json'])
  })

  it('stay what they are when a smaller one comes late', async () => {
    await Promise.all([rememberHeads(dataDir, { platform: head(20) }), rememberHeads(dataDir, { platform: head(10) })])
    await rememberHeads(dataDir, { platform: head(5) })
    expect(readHeads(dataDir).platform!.at(-1)).toEqual(head(20))
  })
})
