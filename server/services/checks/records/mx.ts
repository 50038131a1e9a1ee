import { foundStrings } from '../reasons/words'
import { isSeen, mendedSet, type RecordKind } from './contract'

/** `10 Mx1.Example` → `10 mx1.example.` */
const absolute = (value: string) => `${value.trim().toLowerCase().replace(/\s+/g, ' ').replace(/\.$/, '')}.`

export const mx: RecordKind = {
  label: 'MX',
  check: 'dns_mx',
  plan(target, { dns_mx: verdict }) {
    const found = isSeen(verdict) ? foundStrings(verdict, 'mx').map(absolute) : []
    const set = mendedSet({ check: 'dns_mx', verdict, target }, { name: target.domain, type: 'MX', found })
    return set.wanted.length > 0 || set.note ? [set] : []
  },
}
