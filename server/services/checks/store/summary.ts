import { and, eq, isNull, sql } from 'drizzle-orm'
import { placeholders, prepared } from '#drizzle/prepared'
import { auditChecks, auditDomains } from '#drizzle/schema/sqlite'
import type { Context } from '#server/platform/context'
import { CHECK_IDS } from '#shared/schemas/checks'
import { statusIn } from '../cells'
import { holds } from '../deviation'
import type { StoredLook } from '../merge-look'
import { changesSince } from '../read/changes'
import { scoreOf } from '../score'
import { markStrip, STRIPS, stripOf, worstLetter } from '../strip'
import { openDeviations } from './deviations'
import { publishSummary, type RunProgress } from './progress'

type Inside = Context & { tx: NonNullable<Context['tx']> }
type DomainRow = typeof auditDomains.$inferSelect

/** What a look writes to its domain beside the summary. */
export type LookColumns = Partial<Pick<DomainRow, 'lastAuditAt' | 'nextDueAt' | 'claimToken' | 'claimUntil'>>

interface Summarised {
  domain: DomainRow
  checks: readonly StoredLook[]
  look?: LookColumns
  run?: RunProgress
}

/** The card's columns, and the live event with the card. Answers the partner of the domain's tenant. */
export async function writeSummary(ctx: Inside, { domain, checks, look = {}, run }: Summarised): Promise<string | null> {
  const at = ctx.now()
  const open = await openDeviations(ctx.tx, domain.id)
  const ofEight = CHECK_IDS.flatMap((id) => checks.find(({ checkId }) => checkId === id) ?? [])
  const summary = scoreOf(
    ofEight.map((check) => {
      const accepted = open.find(({ checkId }) => checkId === check.checkId)
      return { status: check.status, lastKnown: check.lastKnownStatus, accepted: holds(accepted, check, at) }
    }),
  )
  const written = {
    ...domain,
    ...look,
    ...summary,
    ...(await strips(ctx, domain, summary.cells)),
    statusSince: domain.status === summary.status ? (domain.statusSince ?? at) : at,
  }
  await updateSummary(ctx.tx, written)
  return publishSummary(ctx, written, ofEight, run)
}

const WRITTEN = [
  ...(['status', 'score', 'max', 'cells', 'statusSince', 'hours', 'days', 'stripAt'] as const),
  ...(['lastAuditAt', 'nextDueAt', 'claimToken', 'claimUntil'] as const),
] as const

const updateSummary = prepared<DomainRow, unknown>((db) => {
  const { id, ...columns } = placeholders('id', ...WRITTEN)
  const set = Object.fromEntries(Object.entries(columns).map(([column, value]) => [column, sql`${value}`]))
  return db.update(auditDomains).set(set).where(eq(auditDomains.id, id))
})

/** Scores a domain anew by its stored verdicts: what is accepted changed. One that was removed, or never looked at, stays as it is. */
export async function rescore(ctx: Inside, domainId: string): Promise<void> {
  const [domain] = await ctx.tx
    .select()
    .from(auditDomains)
    .where(and(eq(auditDomains.id, domainId), isNull(auditDomains.deletedAt)))
  if (!domain) return
  const checks: StoredLook[] = await ctx.tx
    .select()
    .from(auditChecks)
    .where(and(eq(auditChecks.tenantId, domain.tenantId), eq(auditChecks.domainId, domainId)))
  if (CHECK_IDS.every((id) => checks.some(({ checkId }) => checkId === id))) await writeSummary(ctx, { domain, checks })
}

/** Both strips, moved on to now. A domain that an older version looked at gets them from its history. */
async function strips(
  { tx, now }: Inside,
  domain: DomainRow,
  cells: string,
): Promise<Pick<DomainRow, 'hours' | 'days' | 'stripAt'>> {
  const at = now()
  const letters: [string, string] = [worstLetter(domain.cells), worstLetter(cells)]
  const isOlder = domain.stripAt === null && domain.lastAuditAt !== null
  const mark = async (kind: 'hours' | 'days') => {
    const stored = isOlder ? await fromHistory({ tx }, domain, kind) : { letters: domain[kind], at: domain.stripAt }
    return markStrip(stored, letters, at, STRIPS[kind])
  }
  return { hours: await mark('hours'), days: await mark('days'), stripAt: at }
}

async function fromHistory({ tx }: Pick<Inside, 'tx'>, domain: DomainRow, kind: 'hours' | 'days') {
  const at = domain.lastAuditAt!
  const { slots, slotMs } = STRIPS[kind]
  const standing = CHECK_IDS.flatMap((checkId) => {
    const status = statusIn(domain.cells, checkId)
    return status ? [{ checkId, status }] : []
  })
  const changes = await changesSince(tx, [domain.id], at - slots * slotMs)
  return { letters: stripOf(standing, changes, at, STRIPS[kind]), at }
}
