import type { CheckTarget, Verdict } from '../collectors/contract'
import { isPermissiveTerm } from '../evaluate/spf-lint'
import { isCostly, spfTerms, type SpfTerm } from '../evaluate/spf-terms'
import type { SpfTree } from '../evaluate/spf-tree'
import type { Reason } from './contract'
import { foundStrings, publish } from './words'

type Mend = NonNullable<Reason['fix']>
type Steps = string[] | ((verdict: Verdict) => string[])
type Edit = (terms: SpfTerm[], verdict: Verdict) => SpfTerm[]

const addressTerm = (address: string) => `${address.includes(':') ? 'ip6' : 'ip4'}:${address}`
const recordOf = (terms: string[]) => ['v=spf1', ...new Set(terms)].join(' ')

/** A record that lets the mail host send and nobody else. */
function ownRecord({ sends, mailHost }: CheckTarget): string {
  if (!sends) return 'v=spf1 -all'
  const senders = (mailHost?.sendingAddresses ?? []).map(addressTerm)
  return recordOf([...(senders.length > 0 ? senders : ['mx']), '-all'])
}

/** Publish a record of ours in place of what is there. */
export function replaceRecord(summary: string): Mend {
  return (verdict, target) =>
    publish(summary, { name: target.domain, type: 'TXT', value: ownRecord(target), found: foundStrings(verdict, 'records') })
}

/**
 * The published record without what is wrong with it, so that other senders of the domain stay in. The mail host is let in by its
 * addresses when a term that cost a look-up was taken out: it may have been the one that let it in.
 */
export function editRecord(summary: string, edit: Edit, steps: Steps = []): Mend {
  return (verdict, target) => {
    const found = foundStrings(verdict, 'records')
    const minding = typeof steps === 'function' ? steps(verdict) : steps
    return publish(summary, { name: target.domain, type: 'TXT', value: edited(found[0], edit, verdict, target), found }, minding)
  }
}

function edited(published: string | undefined, edit: Edit, verdict: Verdict, target: CheckTarget): string {
  if (published === undefined) return ownRecord(target)
  const before = spfTerms(published)
  const after = edit(before, verdict)
  const lostCostly = before.some((term) => isCostly(term) && !after.includes(term))
  const senders = lostCostly && target.sends ? (target.mailHost?.sendingAddresses ?? []).map(addressTerm) : []
  const closed = after.some((term) => term.name === 'all' || term.name === 'redirect')
  return recordOf([...senders, ...after.map((term) => term.text), ...(closed ? [] : ['-all'])])
}

/** One record with the terms of all; the softest end of them, so that nobody is shut out by the merge. */
export function mergeRecords(summary: string): Mend {
  return (verdict, target) => {
    const found = foundStrings(verdict, 'records')
    const terms = found.flatMap(spfTerms)
    const kept = terms.filter((term) => term.name !== 'all' && !isPermissiveTerm(term)).map((term) => term.text)
    const end = terms.some((term) => term.text === '~all') ? '~all' : '-all'
    const value = kept.length > 0 ? recordOf([...kept, end]) : ownRecord(target)
    return publish(summary, { name: target.domain, type: 'TXT', value, found })
  }
}

/** Lets the addresses of the verdict in. */
export const addSenders: Mend = (verdict, target) => {
  const found = foundStrings(verdict, 'records')
  const addresses = Array.isArray(verdict.params.addresses) ? verdict.params.addresses : []
  // Behind the version, so that no earlier term can refuse them first.
  const value = found[0] ? found[0].replace(/^v=spf1/i, ['v=spf1', ...addresses.map(addressTerm)].join(' ')) : ownRecord(target)
  return publish('Let the mail host send: add its addresses.', { name: target.domain, type: 'TXT', value, found })
}

/** Without the terms whose name is among those that were not found. */
export function removeVoid(summary: string): Mend {
  return editRecord(
    summary,
    (terms, { params }) => {
      const names = Array.isArray(params.names) ? params.names : []
      return terms.filter((term) => !names.includes(term.target.toLowerCase().replace(/\.$/, '')))
    },
    costsOf,
  )
}

/** The terms up to `all`. */
export function untilAll(terms: SpfTerm[]): SpfTerm[] {
  const all = terms.findIndex((term) => term.name === 'all')
  return all < 0 ? terms : terms.filter((term, at) => at <= all || term.isModifier)
}

/** What each term of the published record costs, and a warning about those who send by it. */
export function costsOf(verdict: Verdict): string[] {
  const tree = verdict.evidence.found.tree as SpfTree | null | undefined
  if (!tree || tree.terms.length === 0) return []
  const costs = tree.terms.map(({ term, cost }) => `${term} (${cost})`).join(', ')
  return [
    `DNS look-ups of each term: ${costs}.`,
    'Whoever sends for this domain through a term that you take out has to be let in by address, or use a subdomain of its own.',
  ]
}
