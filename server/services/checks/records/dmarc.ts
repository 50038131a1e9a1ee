import { foundAt } from '../reasons/dmarc-mend'
import type { Verdict } from '../collectors/contract'
import { isSeen, mendedSet, type PlannedSet, type RecordKind } from './contract'

export const dmarc: RecordKind = {
  label: 'DMARC',
  check: 'dns_dmarc',
  plan(target, { dns_dmarc: verdict }) {
    const name = `_dmarc.${target.domain}`
    const found = isSeen(verdict) ? foundAt(verdict, name) : []
    const own = mendedSet({ check: 'dns_dmarc', verdict, target }, { name, type: 'TXT', found })
    if (verdict?.reason === 'inherited' && found.length === 0)
      return [{ ...own, note: `Inherited from ${String(verdict.params.from)}; nothing to publish.` }]
    return [{ ...own, note: verdict?.reason === 'reports-not-authorised' ? null : own.note }, ...authorisation(verdict)]
  },
}

/** RFC 9990 §4: the place that takes the reports has to agree. */
function authorisation(verdict: Verdict | undefined): PlannedSet[] {
  if (verdict?.reason !== 'reports-not-authorised') return []
  const { name, host } = verdict.params
  return [
    { name: String(name), type: 'TXT', found: [], wanted: ['v=DMARC1;'], note: `To publish in the zone of ${String(host)}.` },
  ]
}
