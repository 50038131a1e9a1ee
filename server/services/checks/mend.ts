import type { Context } from '#server/platform/context'
import { checkTargets } from '#server/services/tenants'
import { ServiceError } from '#shared/errors'
import { CHECK_IDS, type CheckId } from '#shared/schemas/checks'
import type { Mend, MendRecord } from '#shared/schemas/mend'
import type { CheckTarget } from './collectors/contract'
import { type CheckRow, readChecks, readDomain } from './read/details'
import { tenantBy } from './read/runs'
import { RECORD_KINDS } from './records'
import { isSeen, type PlannedSet, type Verdicts } from './records/contract'
import { zoneFile } from './records/zone-file'
import { renderVerdict, visibleAfterSec } from './render'
import { storedForm } from './stored-form'
import { isoOrNull } from './summary'

/**
 * All that a domain should publish, beside what it publishes now, and what has to change on the mail host. Without `domain` it is the
 * tenant's worst one. Made of the last looks: nothing is asked anew.
 * @throws ServiceError NOT_FOUND when the caller sees no such tenant or domain
 */
export async function mend(ctx: Context, input: { idOrSlug: string; domain?: string }): Promise<Mend> {
  const tenant = await tenantBy(ctx, input.idOrSlug)
  if (!tenant) throw new ServiceError('NOT_FOUND', 'There is no such tenant')
  const found = await readDomain(ctx, tenant.id, input.domain === undefined ? undefined : storedForm(input.domain))
  const target = found && (await checkTargets(ctx, [found.domain.id])).get(found.domain.id)
  if (!found || !target) throw new ServiceError('NOT_FOUND', 'The tenant has no such domain')
  const rows = await readChecks(ctx, tenant.id, found.domain.id)
  const verdicts: Verdicts = Object.fromEntries(rows.map((row) => [row.checkId, row]))
  const records = recordsOf(target, verdicts)
  const asOf = isoOrNull(found.domain.lastAuditAt)
  return {
    tenant: { id: tenant.id, slug: tenant.slug, name: tenant.name },
    ...{ domain: target.domain, domainId: found.domain.id, mailHost: found.mailHost, asOf },
    records,
    host: hostSteps(target, rows, records),
    zoneFile: zoneFile(target.domain, records, remarksOf(target.domain, asOf, records)),
  }
}

function recordsOf(target: CheckTarget, verdicts: Verdicts): MendRecord[] {
  return Object.entries(RECORD_KINDS).flatMap(([kind, { label, check, plan }]) =>
    plan(target, verdicts).map((set) => {
      const verdict = verdicts[check]
      const state = stateOf(set, verdict)
      return {
        ...{ kind, label, checkId: check, ...set, state },
        why: verdict && verdict.status !== 'pass' && state !== 'keep' ? renderVerdict(check, verdict, target).message : null,
        visibleAfterSec: verdict ? visibleAfterSec(verdict.evidence, set.name, set.type) : null,
      }
    }),
  )
}

function stateOf({ found, wanted }: PlannedSet, verdict: Verdicts[CheckId]): MendRecord['state'] {
  if (!isSeen(verdict)) return 'unknown'
  const [is, should] = [found, wanted].map((values) => values.map(comparable).sort().join('\n'))
  if (is === should) return 'keep'
  return found.length === 0 ? 'add' : 'change'
}

/** Neither a final dot nor runs of blanks make another record. */
const comparable = (value: string) => value.trim().replace(/\s+/g, ' ').replace(/\.$/, '')

/** What no record of the domain mends: each check that does not pass and has something to do. */
function hostSteps(target: CheckTarget, rows: CheckRow[], records: MendRecord[]): Mend['host'] {
  const mended = new Set(records.filter(({ state }) => state === 'add' || state === 'change').map(({ checkId }) => checkId))
  return CHECK_IDS.flatMap((checkId) => {
    const row = rows.find((one) => one.checkId === checkId)
    if (!row || row.status === 'pass' || row.status === 'skipped' || mended.has(checkId)) return []
    const { message, fix } = renderVerdict(checkId, row, target)
    return fix ? [{ checkId, status: row.status, message, summary: fix.summary, steps: fix.steps }] : []
  })
}

function remarksOf(domain: string, asOf: string | null, records: MendRecord[]): string[] {
  const open = records
    .filter(({ wanted }) => wanted.length === 0)
    .flatMap(({ name, type, note }) => (note ? [`${name} ${type}: ${note}`] : []))
  return [
    `The records that ${domain} should have for its mail${asOf ? `; compared with its zone at ${asOf}` : ''}.`,
    'They take the place of the present ones of the same name and type; other TXT records of the domain stay.',
    ...open,
  ]
}
