import { foundStrings } from '../reasons/words'
import { isSeen, mendedSet, type RecordKind } from './contract'

export const spf: RecordKind = {
  label: 'SPF',
  check: 'dns_spf',
  plan(target, { dns_spf: verdict }) {
    const found = isSeen(verdict) ? foundStrings(verdict, 'records') : []
    return [mendedSet({ check: 'dns_spf', verdict, target }, { name: target.domain, type: 'TXT', found })]
  },
}
