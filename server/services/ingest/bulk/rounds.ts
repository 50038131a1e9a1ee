import type { Slice } from '#server/services/audit'
import type { Receipt } from '../contract'
import type { Delivery } from '../store-delivery'

/** What the thread is given. */
export interface BulkThreadData {
  databaseFile: string
  dataDir: string
  secretKey: string | null
}

/** What the thread does while the database is lent to it once, in one commit: a tenth of a second where many wait. */
export interface Round {
  deliveries: readonly Delivery[]
  slices: readonly Slice[]
  /** The moment that it is told at, milliseconds since 1970. */
  now: number
}

export interface RoundDone {
  /** Null for a delivery that could not be stored: nothing of it stands. */
  receipts: (Receipt | null)[]
  /** Events of the larger slice; null when they could not be taken. */
  taken: number | null
}

/** Events of one delivery. */
export const DELIVERY_EVENTS = 512
/** Events of the deliveries of one round, with which no more are begun; the more of them, the fewer pages are written for each. */
export const ROUND_EVENTS = 1_024
/** Events that get their place, or their risk, in one round. */
export const ROUND_SLICE = 1_024
