import { leafHex } from '../leaf'
import type { Fault } from './faults'

/** A leaf whose hash is not that of its event, its index and the leaf before it. */
export interface BrokenLeaf {
  index: number
  /** As it is stored, hex; null where no bytes are. */
  hash: string | null
  /** Of the event as it comes out now, hex. */
  content: string
  prev: string
}

/** Leaves that may have been taken out before the rest was moved up. */
const SHIFT = 1_000

/** Whether a leaf's hash is that of its event, its index and the leaf before it in the log of a scope. */
export function isLeaf({ index, hash, content, prev }: BrokenLeaf, scope: string): boolean {
  return leafHex({ content, index, prev, scope }) === hash
}

/**
 * What happened to a log of which so many leaves are broken, given the first of them in their order: all before the first one is sound,
 * so what belongs there can be told from what stands there.
 */
export function causeOf([first, ...others]: [BrokenLeaf, ...BrokenLeaf[]], count: number, scope: string): Fault {
  const { index } = first
  const more = count > 1 ? ` (${count} leaves do not fit)` : ''
  const belongs = ({ content, hash }: BrokenLeaf) =>
    isLeaf({ ...first, content }, scope) || isLeaf({ ...first, content, hash }, scope)
  if (others.some(belongs)) return { kind: 'reordered', index, what: `another event stands here${more}` }
  const [second] = others
  if (second?.index === index + 1 && first.hash !== null)
    for (let shift = 1; shift <= SHIFT; shift++)
      if (isLeaf({ ...second, index: second.index + shift, prev: first.hash }, scope))
        return { kind: 'missing', index, what: `${shift} taken out, the rest moved up${more}` }
  return { kind: 'modified', index, what: `the event or its leaf${more}` }
}
