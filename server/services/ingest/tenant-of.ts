import type { Context } from '#server/platform/context'
import { normaliseDomain, type Owner, ownersOf } from '#server/services/tenants'
import type { IngestedEvent, TenantHint } from './contract'

export type OwnerOf = (event: Pick<IngestedEvent, 'tenantHints'>) => Owner | undefined

/** Whose tenant each event is about, all looked up at once. */
export async function ownersOfEvents(ctx: Context, events: readonly IngestedEvent[]): Promise<OwnerOf> {
  const hints = events.flatMap((event) => event.tenantHints ?? [])
  const slugs = new Set(hints.flatMap((hint) => ('slugs' in hint ? hint.slugs : [])))
  // Each spelling once: a thousand events name a few domains, and to normalise one takes longer than to look it up.
  const spellings = new Set(hints.flatMap((hint) => ('domain' in hint ? [hint.domain] : [])))
  const domains = new Map([...spellings].flatMap((name) => normal(name).map((domain) => [name, domain])))
  const { bySlug, byDomain } = await ownersOf(ctx.db, [...slugs], [...new Set(domains.values())])
  const named = (hint: TenantHint) =>
    'domain' in hint
      ? byDomain.get(domains.get(hint.domain) ?? '')
      : onlyOne(hint.slugs.flatMap((slug) => bySlug.get(slug) ?? []))
  return ({ tenantHints = [] }) => {
    for (const hint of tenantHints) {
      const owner = named(hint)
      if (owner) return owner
    }
    return undefined
  }
}

/** As domains are stored; nothing for what cannot be one. */
function normal(name: string): string[] {
  const known = normaliseDomain(name)
  return known.ok ? [known.domain] : []
}

/** Nobody, when they are of several tenants: a wrong one would stand in the log for ever. */
function onlyOne(owners: Owner[]): Owner | undefined {
  return owners.every((owner) => owner.id === owners[0]!.id) ? owners[0] : undefined
}
