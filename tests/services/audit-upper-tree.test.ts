import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rootOf } from '#server/services/audit/merkle'
import { rootAt, TILE, type TreeSource } from '#server/services/audit/proofs'
import { sha256 } from '#server/services/audit/sha256'
import { verifyUpperTree } from '#server/services/audit/verify/upper-tree'
import { tamper } from '../helpers/audit-tamper'
import { testContext, type TestContext } from '../helpers/context'

/** Two tiles of the second level are full, and one of the first beside them, and five leaves. */
const SIZE = 2 * TILE ** 2 + TILE + 5
const LOG = 1

/** By level: hashes of leaves, then the roots of the full tiles below. */
const levels: Buffer[][] = [Array.from({ length: SIZE }, (_, n) => sha256(`leaf ${n}`))]
const tilesOf = (hashes: Buffer[]) =>
  Array.from({ length: Math.floor(hashes.length / TILE) }, (_, n) => hashes.slice(n * TILE, (n + 1) * TILE))
while (levels.at(-1)!.length >= TILE) levels.push(tilesOf(levels.at(-1)!).map(rootOf))
const source: TreeSource = { entries: async ({ level, from, count }) => levels[level]!.slice(from, from + count) }

let ctx: TestContext
beforeAll(() => {
  ctx = testContext()
  const insert = ctx.database.raw.prepare('insert into audit_tiles values (?, ?, ?, ?, ?)')
  levels.forEach((hashes, level) =>
    tilesOf(hashes).forEach((tile, index) => insert.run(LOG, level, index, rootOf(tile), Buffer.concat(tile))),
  )
})
afterAll(() => ctx.close())

/** The root over the leaves of the tile that is not full at a size. */
function edgeAt(size: number): [number, string][] {
  const rest = size % TILE
  return rest === 0 ? [] : [[size, rootOf(levels[0]!.slice(size - rest, size)).toString('hex')]]
}

const upperTree = (sizes: number[]) =>
  verifyUpperTree(ctx.database.read, { logId: LOG, size: SIZE, sizes, edges: new Map(sizes.flatMap(edgeAt)) })

describe('the tree above the leaves', () => {
  it.each([
    ...[0, 1, TILE - 1, TILE, TILE + 1, 3 * TILE, 3 * TILE + 7],
    ...[TILE ** 2 - 1, TILE ** 2, TILE ** 2 + 1, TILE ** 2 + TILE, 2 * TILE ** 2 - TILE + 9, 2 * TILE ** 2, SIZE - 5, SIZE],
  ])('has the root of RFC 6962 at size %i', async (size) => {
    expect(upperTree([size]).roots.get(size)).toBe((await rootAt(source, size)).toString('hex'))
  })

  it('is intact while nobody touches it', () => {
    expect(upperTree([SIZE]).tiles).toEqual([])
  })

  it('names the first index below a tile of the second level that differs, or is gone', () => {
    const told = () => upperTree([]).tiles.map(({ kind, index }) => [kind, index])
    tamper(ctx, (raw) => raw.exec('update audit_tiles set root = zeroblob(32) where level = 0 and tile_index = 3'))
    expect(told()).toEqual([['modified', 3 * TILE]])
    tamper(ctx, (raw) => raw.exec('delete from audit_tiles where level = 1 and tile_index = 1'))
    expect(told()).toEqual([
      ['modified', 3 * TILE],
      ['missing', TILE ** 2],
    ])
  })
})
