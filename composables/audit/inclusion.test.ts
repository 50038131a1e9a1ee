import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { AuditEvent, InclusionProof } from '#shared/schemas/audit'
import { checkInclusion } from './inclusion'

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
function proofOf(index: number, size: number): { shown: AuditEvent; proof: InclusionProof } {
  const event = JSON.stringify({
    ...{ id: 'ev_1', action: 'tenant.created', actor: { id: 'u_1', type: 'user' }, at: AT },
    ...{ resource: { id: 't_1', type: 'tenant' }, meta: { outcome: 'success', source: 'vigia' } },
  })
  const contentHash = sha256('vigia audit event v1\0', event).toString('hex')
  const prevHash = 'ab'.repeat(32)
  const leaf = JSON.stringify({ content: contentHash, index, prev: prevHash, scope: 'platform', v: 1 })
  const leaves = Array.from({ length: size }, (_, n) => sha256(LEAF, n === index ? leaf : `other ${n}`))
  const tree = treeOf(leaves)
  const hash = leaves[index]!.toString('hex')
  const shown = {
    ...{ id: 'ev_1', action: 'tenant.created', at: new Date(AT).toISOString(), outcome: 'success', source: 'vigia' },
    ...{ actorId: 'u_1', actorType: 'user', resourceId: 't_1', resourceType: 'tenant', index, hash },
  } as AuditEvent
  const path = tree.path(index).map((one) => one.toString('hex'))
  const proof = { eventId: 'ev_1', log: 'platform', index, size, root: tree.root.toString('hex'), event, contentHash, leaf }
  return { shown, proof: { ...proof, prevHash, hash, path } }
}

const broken = async (shown: AuditEvent, proof: InclusionProof) =>
  (await checkInclusion(shown, proof)).flatMap(({ holds }, step) => (holds ? [] : [step]))

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
    ['another leaf', ({ proof }) => (proof.leaf = proof.leaf.replace('platform', 'p_1')), [3, 4]],
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
