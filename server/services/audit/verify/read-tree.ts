import type { Reader } from '#drizzle/reader'

/** A hash as text, which costs a fraction of a Buffer; of something else than bytes nothing, so that it cannot pass for them. */
export const hexOf = (column: string) => `CASE typeof(${column}) WHEN 'blob' THEN lower(hex(${column})) END`

/** The hash of one leaf, hex; null when there is none. */
export function hashAt(db: Reader, logId: number, index: number): string | null {
  const sql = `SELECT ${hexOf('hash')} AS hash FROM audit_leaves WHERE log_id = ? AND leaf_index = ?`
  return (db.$client.prepare(sql).get(logId, index) as { hash: string | null } | undefined)?.hash ?? null
}

/** Where a leaf stands, and its hash in hex. */
export type PlacedHash = [index: number, hash: string | null]

/** The hashes of a log's leaves from one index up to another, in order. */
export function placedHashes(db: Reader, logId: number, from: number, to: number): PlacedHash[] {
  const sql = `SELECT leaf_index, ${hexOf('hash')} FROM audit_leaves WHERE log_id = ? AND leaf_index >= ? AND leaf_index < ? ORDER BY leaf_index`
  return db.$client.prepare(sql).raw().all(logId, from, to) as PlacedHash[]
}

/** Root and hashes of a tile, hex. */
interface Tile {
  root: string | null
  hashes: string | null
}

/** A stretch of the tiles of one level. */
interface TileRange {
  logId: number
  level: number
  from: number
  to: number
}

/** The roots of tiles in order, hex; fewer where some are missing. */
export function tileRoots(db: Reader, { logId, level, from, to }: TileRange): (string | null)[] {
  const sql = `SELECT ${hexOf('root')} FROM audit_tiles WHERE log_id = ? AND level = ? AND tile_index >= ? AND tile_index < ? ORDER BY tile_index`
  return (db.$client.prepare(sql).raw().all(logId, level, from, to) as [string | null][]).map(([root]) => root)
}

export function tileAt(db: Reader, logId: number, level: number, index: number): Tile | null {
  const sql = `SELECT ${hexOf('root')} AS root, ${hexOf('hashes')} AS hashes FROM audit_tiles WHERE log_id = ? AND level = ? AND tile_index = ?`
  return (db.$client.prepare(sql).get(logId, level, index) as Tile | undefined) ?? null
}
