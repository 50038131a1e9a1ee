import { breathe } from '#server/platform/breathe'
import type { Context } from '#server/platform/context'
import { ServiceError } from '#shared/errors'
import { CHECK_IDS } from '#shared/schemas/checks'
import { type Incident, type Matrix, OVERVIEW_SORTS, type Overview, type OverviewQuery } from '#shared/schemas/overview'
import { type Answer, answerCacheOf } from './answer-cache'
import { groupBy } from './group-by'
import { readCycleState } from './read/cycle'
import { readChecks, readReasons } from './read/details'
import { readSharedFaults } from './read/incidents'
import {
  MATRIX_STEP,
  type MatrixRow,
  type Position,
  readCards,
  readMatrixStep,
  readTenantNames,
  readTotals,
} from './read/overview'
import { reasonFor } from './reasons'
import { settleForReader } from './settle-deviations'
import { cardOf } from './summary'

const MATRIX_ROWS = 10_000

/** The overview or its matrix as JSON, plain and packed, with an etag; answers are kept while nothing changed that they tell of. */
export async function overviewAnswer(ctx: Context, query: OverviewQuery): Promise<Answer> {
  await settleForReader(ctx)
  const key = JSON.stringify([query, ctx.scope])
  return answerCacheOf(ctx).answer(ctx, key, () => (query.view === 'matrix' ? matrix(ctx, query) : overview(ctx, query)))
}

/**
 * A page of cards with the totals of the whole filter, the state of the cycle and the faults that many domains share.
 * @throws ServiceError VALIDATION when the cursor is not one of this list and order
 */
export async function overview(ctx: Context, query: OverviewQuery): Promise<Overview> {
  const after = query.cursor === undefined ? null : positionOf(query.cursor, query.sort)
  const rows = await readCards(ctx, query, { sort: query.sort, after, limit: query.limit })
  const page = rows.slice(0, query.limit)
  const ids = page.map((row) => row.id)
  await breathe()
  const reasons = groupBy(ids.length > 0 ? await readReasons(ctx, ids) : [], (row) => row.domainId)
  await breathe()
  const totals = await readTotals(ctx, query)
  await breathe()
  const cycle = await readCycleState(ctx)
  await breathe()
  const shared = await incidents(ctx)
  await breathe()
  return {
    ...{ totals, cycle, incidents: shared },
    domains: page.map((row) => cardOf(row, reasons.get(row.id) ?? [], ctx)),
    nextCursor: rows.length > query.limit ? cursorOf(page.at(-1)!.position, query.sort) : null,
  }
}

/** One row a domain, worst first, for the map of all of them. */
export async function matrix(ctx: Context, query: OverviewQuery): Promise<Matrix> {
  const names = await readTenantNames(ctx)
  const rows: MatrixRow[] = []
  for (let step: MatrixRow[] = []; ;) {
    step = await readMatrixStep(ctx, query, step.at(-1)?.domain ?? '')
    rows.push(...step)
    await breathe()
    if (step.length < MATRIX_STEP) break
  }
  const totals = await readTotals(ctx, query)
  await breathe()
  const cycle = await readCycleState(ctx)
  await breathe()
  const shown = rows.sort((a, b) => a.badness - b.badness).slice(0, MATRIX_ROWS)
  return {
    ...{ totals, cycle, checks: [...CHECK_IDS] },
    rows: shown.map(({ id, tenantId, domain, cells }) => [id, names.get(tenantId)?.slug ?? '', domain, cells]),
    names: Object.fromEntries(
      shown.flatMap(({ tenantId }) => [names.get(tenantId)].flatMap((one) => (one ? [[one.slug, one.name]] : []))),
    ),
  }
}

async function incidents(ctx: Context): Promise<Incident[]> {
  const faults = await readSharedFaults(ctx)
  return Promise.all(
    faults.map(async ({ since, example, ...fault }) => {
      const { checkId, reason } = fault
      const params = (await readChecks(ctx, example.tenantId, example.domainId)).find((row) => row.checkId === checkId)?.params
      const message = reasonFor(checkId, reason).message(params ?? {})
      return { ...fault, message, since: new Date(since).toISOString() }
    }),
  )
}

function cursorOf(position: Position, sort: OverviewQuery['sort']): string {
  return Buffer.from(JSON.stringify([OVERVIEW_SORTS.indexOf(sort), ...position.keys, position.domain])).toString('base64url')
}

function positionOf(cursor: string, sort: OverviewQuery['sort']): Position {
  const parts = parsed(cursor)
  const [own, keys, domain] = [parts[0], parts.slice(1, -1), parts.at(-1)]
  const expected = { worst: 2, name: 0, score: 1, changed: 1 }[sort]
  if (
    own === OVERVIEW_SORTS.indexOf(sort) &&
    keys.length === expected &&
    keys.every((key) => typeof key === 'number') &&
    typeof domain === 'string'
  )
    return { keys: keys as number[], domain }
  throw new ServiceError('VALIDATION', 'The cursor does not belong to this list', {
    issues: [{ path: 'query.cursor', message: 'a cursor that this list gave, with the same order' }],
  })
}

function parsed(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
