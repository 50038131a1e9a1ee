import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { AuditEvent, InclusionProof } from '#shared/schemas/audit'
import { checkInclusion } from './inclusion'
import { SHOWN_EVENT } from '../../tests/helpers/shown-event'

const sha256 = (...parts: (string | Buffer)[]) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const LEAF = Buffer.from([0])
const NODE = Buffer.from([1])

/** RFC 6962 §2.1, as it is written there: the tree's hash, and the path to a leaf. */
function treeOf(leaves: Buffer[]): { root: Buffer; path: (index: number) => Buffer[] } {
  if (leaves.length === 1) return { root: leaves[0]!, path: () => [] }
  const half = 2 ** Math.ceil(Math.log2(leaves.length) - 1)
  const [left, right] = [treeOf(leaves.slice(0, half)), treeOf(leaves.slice(half))]
  return {
    root: sha256(NODE, left.root, right.root),
    path: (index) => (index < half ? [...left.path(index), right.root] : [...right.path(index - half), left.root]),
  }
}

const AT = Date.parse('2026-01-15T12:00:00Z')
const RECEIVED = AT + 120
function proofOf(index: number, size: number, open: Record<string, unknown> = {}): { shown: AuditEvent; proof: InclusionProof } {
  const event = JSON.stringify({
    ...{ id: 'ev_1', action: 'tenant.updated', actor: { id: 'u_1', type: 'user' }, at: AT, recv: RECEIVED, v: 1 },
    ...{ resource: { id: 't_1', type: 'tenant' }, scope: 'p_3', refs: ['p_3', 't_1'], pd: 'aa'.repeat(32) },
    meta: { category: 'tenant', outcome: 'success', severity: 'medium', source: 'authentik', ext: 'pk-1' },
    data: { 'name.after': 'Acme', 'name.before': 'Acm', 'email.changed': true, domains: 2 },
    ...open,
  })
  const contentHash = sha256('vigia audit event v1\0', event).toString('hex')
  const prevHash = 'ab'.repeat(32)
  const leaf = JSON.stringify({ content: contentHash, index, prev: prevHash, scope: 'p_3', v: 1 })
  const leaves = Array.from({ length: size }, (_, n) => sha256(LEAF, n === index ? leaf : `other ${n}`))
  const tree = treeOf(leaves)
  const hash = leaves[index]!.toString('hex')
  const path = tree.path(index).map((one) => one.toString('hex'))
  const proof = { eventId: 'ev_1', log: 'p_3', index, size, root: tree.root.toString('hex'), event, contentHash, leaf }
  return { shown: { ...shownOf(), index, prevHash, hash }, proof: { ...proof, prevHash, hash, path } }
}

const shownOf = (): AuditEvent => ({
  ...SHOWN_EVENT,
  ...{ at: new Date(AT).toISOString(), receivedAt: new Date(RECEIVED).toISOString() },
  metadata: { 'name.after': 'Acme', 'name.before': 'Acm', 'email.changed': true, domains: 2, 'email.after': 'b@example.org' },
  ...{ log: 'p_3', index: 0, prevHash: null, hash: null },
})

const broken = async (shown: AuditEvent, proof: InclusionProof) =>
  (await checkInclusion(shown, proof)).findings.flatMap(({ holds }, step) => (holds ? [] : [step]))

describe('the proof of an event', () => {
  it('holds at every place of trees of every shape', async () => {
    for (const size of [1, 2, 3, 5, 8, 13])
      for (let index = 0; index < size; index++) {
        const { shown, proof } = proofOf(index, size)
        expect(await broken(shown, proof), `${index} of ${size}`).toEqual([])
      }
  })

  it.each<[string, (one: ReturnType<typeof proofOf>) => void, number[]]>([
    ['other bytes of the event', ({ proof }) => (proof.event = proof.event.replace('u_1', 'u_2')), [0, 1]],
    ['another event than the one shown', ({ shown }) => (shown.actorId = 'u_2'), [1]],
    ['another outcome than the one shown', ({ shown }) => (shown.outcome = 'failure'), [1]],
    ['another place', ({ proof }) => (proof.index = 3), [2, 4]],
    ['another leaf before it', ({ proof }) => (proof.prevHash = 'cd'.repeat(32)), [2]],
    ['another leaf', ({ proof }) => (proof.leaf = proof.leaf.replace('"v":1', '"v":2')), [2, 3, 4]],
    ['a leaf that says something else first', ({ proof }) => (proof.leaf = proof.leaf.replace('{', '{"index":9,')), [2, 3, 4]],
    ['a leaf of another log', ({ proof }) => (proof.leaf = proof.leaf.replace('p_3', 'p_1')), [2, 3, 4]],
    ['another log than the one shown', ({ shown }) => (shown.log = 'p_1'), [1, 2]],
    ['another leaf before it than the one shown', ({ shown }) => (shown.prevHash = 'cd'.repeat(32)), [2]],
    ['another hash than the one shown', ({ shown }) => (shown.hash = 'ef'.repeat(32)), [3]],
    ['another root', ({ proof }) => (proof.root = 'ef'.repeat(32)), [4]],
    ['a sibling less', ({ proof }) => void proof.path.pop(), [4]],
    ['a sibling more', ({ proof }) => void proof.path.push('ef'.repeat(32)), [4]],
    ['bytes that are nothing', ({ proof }) => (proof.event = '{'), [0, 1]],
  ])('does not hold with %s', async (_, change, steps) => {
    const one = proofOf(2, 7)
    change(one)
    expect(await broken(one.shown, one.proof)).toEqual(steps)
  })
})
