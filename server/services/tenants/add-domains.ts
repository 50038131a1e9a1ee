import { ServiceError } from '#shared/errors'
import { type BulkDomainsInput, type BulkDomainsResult, DomainInput } from '#shared/schemas/tenants'
import { othersTurn } from '#server/platform/breathe'
import type { Context } from '#server/platform/context'
import { type Mutation, mutate } from '#server/services/audit'
import { requireTenant } from './access'
import { domainAdded, taken } from './add-domain'
import { newDomainRow, prepareDomain } from './prepare-domain'
import type { TenantRow } from './store'
import { holdersOf, insertDomains } from './store-domains'
import { knownMailHosts } from './store-mail-hosts'

type Result = BulkDomainsResult['results'][number]
type Line = { line: number; given: string } & ({ prepared: DomainInput } | { fault: ServiceError })

/** Lines of one transaction: few enough that it is over in milliseconds and other writers get their turn. */
const SLICE = 5
/** Of a name that was refused, as it comes back. */
const SHOWN_MAX = 253

/**
 * Adds up to 10,000 domains, each for itself: a line that fails stops no other, and what was added stays when a later slice cannot
 * be written. Results come in the order of the lines, counted from 1.
 * @throws ServiceError NOT_FOUND for the tenant
 */
export async function addDomains(ctx: Context, tenant: string, input: BulkDomainsInput): Promise<BulkDomainsResult> {
  const owner = await requireTenant(ctx, tenant)
  const seen = new Map<string, number>()
  const results: Result[] = []
  for (let start = 0; start < input.domains.length; start += SLICE) {
    const slice = input.domains.slice(start, start + SLICE)
    const lines = slice.map((given, index) => prepareLine(given, start + index + 1, input.mailHostId, seen))
    results.push(...(await mutate(ctx, 'domain.added', (inside) => addSlice(inside, owner, lines))))
    // Other requests get their turn between slices.
    await othersTurn()
  }
  return { results }
}

function prepareLine(
  given: BulkDomainsInput['domains'][number],
  line: number,
  mailHostId: string | null | undefined,
  seen: Map<string, number>,
): Line {
  const input = typeof given === 'string' ? { domain: given } : given
  try {
    const parsed = DomainInput.safeParse({ mailHostId, ...input })
    if (!parsed.success) throw lineFault(parsed.error.issues[0]!)
    const prepared = prepareDomain(parsed.data)
    const first = seen.get(prepared.domain)
    if (first !== undefined) throw new ServiceError('CONFLICT', `The same as line ${first}`)
    seen.set(prepared.domain, line)
    return { line, given: input.domain, prepared }
  } catch (error) {
    if (error instanceof ServiceError) return { line, given: input.domain, fault: error }
    throw error
  }
}

function lineFault({ path, message }: { path: PropertyKey[]; message: string }): ServiceError {
  return new ServiceError('VALIDATION', message, { issues: [{ path: path.join('.'), message }] })
}

async function addSlice(
  inside: Context & { tx: NonNullable<Context['tx']> },
  owner: TenantRow,
  lines: Line[],
): Promise<Mutation<Result[]>> {
  const hosts = await knownMailHosts(inside.db, inside.scope, hostIds(lines))
  const usable = lines.map((line) => withKnownHost(line, hosts))
  const prepared = usable.flatMap((line) => ('prepared' in line ? [line.prepared] : []))
  const rows = await insertDomains(
    inside.tx,
    prepared.map((one) => newDomainRow(inside, one, { tenantId: owner.id, source: 'manual' })),
  )
  const added = new Set(rows.map((row) => row.domain))
  const holders = await holdersOf(
    inside.db,
    prepared.map((one) => one.domain).filter((domain) => !added.has(domain)),
  )
  const value = usable.map((line) => {
    if ('fault' in line) return failed(line, line.fault)
    const { domain } = line.prepared
    return added.has(domain)
      ? { line: line.line, domain, ok: true }
      : failed(line, taken(inside.scope, owner, holders.get(domain)))
  })
  return { value, events: rows.map((row) => domainAdded(owner, row)) }
}

function hostIds(lines: Line[]): string[] {
  return [...new Set(lines.flatMap((line) => ('prepared' in line && line.prepared.mailHostId ? [line.prepared.mailHostId] : [])))]
}

function withKnownHost(line: Line, hosts: Set<string>): Line {
  if (!('prepared' in line) || !line.prepared.mailHostId || hosts.has(line.prepared.mailHostId)) return line
  return { line: line.line, given: line.given, fault: lineFault({ path: ['mailHostId'], message: 'there is no such mail host' }) }
}

function failed(line: Line, fault: ServiceError): Result {
  const domain = 'prepared' in line ? line.prepared.domain : line.given.trim().slice(0, SHOWN_MAX)
  return { line: line.line, domain, ok: false, token: fault.token, message: fault.issues[0]?.message ?? fault.message }
}
