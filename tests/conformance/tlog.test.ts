import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { verifyConsistency, verifyInclusion } from '#server/services/audit/merkle'

/** Proofs of RFC 6962, good and bad, of transparency-dev/merkle; they lie beside the repository and are not part of it. */
const DATA = fileURLToPath(new URL('../../../shared/testdata/tlog-merkle', import.meta.url))

const bytes = (base64: string) => Buffer.from(base64, 'base64')
const filesOf = (folder: string) =>
  readdirSync(join(DATA, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))

interface Vector {
  proof: string[] | null
  wantErr: boolean
}

/** A vector of another hash size or a negative number is refused as any other wrong one. */
function verdicts<T extends Vector>(folder: string, holds: (vector: T) => boolean) {
  it.each(filesOf(folder))(`${folder}/%s`, (name) => {
    const vector = JSON.parse(readFileSync(join(DATA, folder, name), 'utf8')) as T
    expect(holds(vector)).toBe(!vector.wantErr)
  })
}

if (existsSync(DATA)) {
  describe('RFC 6962 proofs', () => {
    verdicts<Vector & { leafIdx: number; treeSize: number; root: string; leafHash: string }>('inclusion', (vector) =>
      verifyInclusion(
        { index: vector.leafIdx, size: vector.treeSize, leafHash: bytes(vector.leafHash), root: bytes(vector.root) },
        (vector.proof ?? []).map(bytes),
      ),
    )
    verdicts<Vector & { size1: number; size2: number; root1: string; root2: string }>('consistency', (vector) =>
      verifyConsistency(
        { from: vector.size1, to: vector.size2, fromRoot: bytes(vector.root1), toRoot: bytes(vector.root2) },
        (vector.proof ?? []).map(bytes),
      ),
    )
  })
} else {
  it('leaves the RFC 6962 proofs out, because they are not beside the repository', () => {
    expect(existsSync(DATA)).toBe(false)
  })
}
