import type { AuditEvent } from '#shared/schemas/audit'
import { SOURCE_IDS } from '#shared/audit-words'
import type { KnownValues } from './audit/completion'

const MOST = 200

/** Values that filters may be completed with: what there is, and what the events in sight have. */
export function useAuditKnown(events: Readonly<Ref<AuditEvent[]>>) {
  const { tenants, partners } = useFilterChoices()
  return computed<KnownValues>(() => {
    const seen = (of: (event: AuditEvent) => string | null) => distinct(events.value.flatMap((event) => of(event) ?? []))
    const actions = seen(({ action }) => action)
    return {
      action: distinct([...actions, ...actions.map((action) => `${action.split('.')[0]}.*`)]),
      source: distinct(['vigia', ...SOURCE_IDS, ...seen(({ source }) => source)]),
      actor: seen(({ actorEmail, actorId }) => actorEmail ?? actorId),
      email: seen(({ actorEmail }) => actorEmail),
      ip: seen(({ actorIp }) => actorIp),
      resource: seen(({ resourceType }) => resourceType),
      tenant: tenants.value.map(({ value }) => value),
      partner: partners.value.map(({ value }) => value),
    }
  })
}

const distinct = (values: readonly string[]) => [...new Set(values)].sort().slice(0, MOST)
