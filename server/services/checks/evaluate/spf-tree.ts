import type { DnsAnswer } from '#server/platform/dns/types'
import { capText } from './evidence'
import { COSTLY_TERMS, isCostly, isSpfRecord, reachableTerms, spfTerms, type SpfTerm } from './spf-terms'

/** One term that costs DNS look-ups, and what it leads to. */
export interface SpfNode {
  /** As published, for example `include:_spf.example.net`. */
  term: string
  /** The name that is asked for; a macro stays as it is, since it is another name for each sender. */
  target: string
  /** Look-ups of this term and of all below it (RFC 7208 §4.6.4). */
  cost: number
  /** Answers without records, here and below (RFC 7208 §4.6.4). */
  voids: number
  /** `loop`: leads back to a record above it. `no-record`: not exactly one SPF record there. `not-asked`: the limit came before it. */
  note: 'loop' | 'no-record' | 'not-asked' | null
  children: SpfNode[]
}

export interface SpfTree {
  cost: number
  voids: number
  terms: SpfNode[]
}

/** A hostile zone may nest as it likes; an evaluation ends after ten look-ups. */
const MAX_NODES = 60

/** The look-ups that a record costs, from the answers of an evaluation (for IPv4 senders, who match nothing). Pure. */
export function spfTree(domain: string, record: string, answers: readonly DnsAnswer[]): SpfTree {
  const byQuestion = new Map(answers.map((answer) => [`${answer.type} ${answer.name}`, answer]))
  let left = MAX_NODES

  function nodesOf(name: string, text: string, above: readonly string[]): SpfNode[] {
    const costly = reachableTerms(spfTerms(text)).filter(isCostly)
    return costly.flatMap((term) => (left-- > 0 ? [nodeOf(term, name, [...above, name])] : []))
  }

  function nodeOf(term: SpfTerm, name: string, above: readonly string[]): SpfNode {
    const target = (term.target || name).toLowerCase().replace(/\.$/, '')
    const leaf = { term: capText(term.text, 300), target: capText(target, 253), cost: 1, voids: 0, note: null, children: [] }
    const type = COSTLY_TERMS[term.name]
    if (!type || target.includes('%')) return leaf
    const answer = byQuestion.get(`${type} ${target}`)
    const voids = answer?.outcome === 'nxdomain' || answer?.outcome === 'nodata' ? 1 : 0
    if (type !== 'TXT') return { ...leaf, voids }
    if (above.includes(target)) return { ...leaf, note: 'loop' }
    if (!answer) return { ...leaf, note: 'not-asked' }
    const [text, second] = answer.records.map((one) => one.value).filter(isSpfRecord)
    if (text === undefined || second !== undefined) return { ...leaf, voids, note: 'no-record' }
    const children = nodesOf(target, text, above)
    return { ...leaf, ...totals(children, 1), children }
  }

  const terms = nodesOf(domain, record, [])
  return { ...totals(terms, 0), terms }
}

/** The first node with a note, depth first; null when there is none. */
export function findNote(nodes: readonly SpfNode[], note: SpfNode['note']): SpfNode | null {
  for (const node of nodes) {
    const found = node.note === note ? node : findNote(node.children, note)
    if (found) return found
  }
  return null
}

const totals = (nodes: readonly SpfNode[], own: number) => ({
  cost: nodes.reduce((sum, node) => sum + node.cost, own),
  voids: nodes.reduce((sum, node) => sum + node.voids, 0),
})
