import { z } from 'zod'
import { CheckKey } from './deviations'
import { ExtendedStatus } from './extended'
import { OverviewQuery } from './overview'

const Timestamp = z.iso.datetime()
const Found = z.record(z.string(), z.unknown())

export const HistoryQuery = z.object({
  domain: z.string().trim().min(1).max(400).optional(),
  check: CheckKey.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type HistoryQuery = z.infer<typeof HistoryQuery>

/** A change of a check's status, reason or stable evidence, with what stood there before and after. */
export const HistoryChange = z.object({
  at: Timestamp,
  checkId: CheckKey,
  /** Null: this was the first look, or the earlier ones are no longer kept. */
  before: z.object({ status: ExtendedStatus, reason: z.string(), found: Found }).nullable(),
  after: z.object({ status: ExtendedStatus, reason: z.string(), found: Found }),
  message: z.string(),
})
export type HistoryChange = z.infer<typeof HistoryChange>

/** How long a check did not pass on one day (UTC); days on which it always passed are left out. */
export const CheckDay = z.object({
  day: z.iso.date(),
  checkId: CheckKey,
  warnSec: z.int(),
  failSec: z.int(),
  unknownSec: z.int(),
  /** Looks whose first half a second look did not confirm. */
  retries: z.int(),
})
export type CheckDay = z.infer<typeof CheckDay>

/** Newest change first. */
export const History = z.object({
  domain: z.string(),
  domainId: z.string(),
  changes: z.array(HistoryChange),
  /** The last 30 days, on the first page. */
  days: z.array(CheckDay),
  nextCursor: z.string().nullable(),
})
export type History = z.infer<typeof History>

/** Two moments at most 31 days apart; without `until` it is now. The filters are those of the overview. */
export const ChangesQuery = OverviewQuery.pick({ q: true, tenant: true, partner: true, plan: true, mailHost: true }).extend({
  since: Timestamp,
  until: Timestamp.optional(),
  check: CheckKey.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
export type ChangesQuery = z.infer<typeof ChangesQuery>

/** A check of a domain that says something else at `until` than at `since`. */
export const NetChange = z.object({
  tenant: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  domain: z.string(),
  domainId: z.string(),
  checkId: CheckKey,
  /** At `since`, or at the first look when that was later. The reason is null where it is no longer kept. */
  from: z.object({ status: ExtendedStatus, reason: z.string().nullable() }),
  to: z.object({ status: ExtendedStatus, reason: z.string() }),
  message: z.string(),
  /** The last of the changes between the two moments, and how many there were. */
  at: Timestamp,
  steps: z.int(),
})
export type NetChange = z.infer<typeof NetChange>

/** Latest change first. What came back to where it was is left out. */
export const Changes = z.object({
  since: Timestamp,
  until: Timestamp,
  changes: z.array(NetChange),
  nextCursor: z.string().nullable(),
})
export type Changes = z.infer<typeof Changes>
