import { sql } from 'drizzle-orm'
import { auditDomains } from '#drizzle/schema/sqlite'
import { STATUS_ORDER } from '../cells'

/** Place in STATUS_ORDER: 0 is the worst. */
export const rank = sql<number>`case ${auditDomains.status} ${sql.join(
  STATUS_ORDER.map((status, place) => sql`when ${status} then ${sql.raw(String(place))}`),
  sql` `,
)} end`
