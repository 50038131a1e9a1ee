import type { DnsAnswer } from '#server/platform/dns/types'
import { capList, evidenceOf, foundValues } from '../../evaluate/evidence'
import { isFault, unknownByFault } from '../../evaluate/verdict'
import type { ExtendedTarget, ExtendedVerdict } from '../contract'
import type { BlockListsReason } from '../reasons/block-lists'
import { extendedJudge, type ExtendedJudge } from './judge'
import { worstOf } from './worst'

/** RFC 5782 §5: a list that works has the first of these and not the second. */
export const TEST_ADDRESSES = { listed: '127.0.0.2', unlisted: '127.0.0.1' } as const

/** What one list says of the test addresses and of ours. */
export interface ListLook {
  zone: string
  listed: DnsAnswer
  unlisted: DnsAnswer
  senders: { address: string; answer: DnsAnswer }[]
}

export interface BlockListsObservation {
  lists: ListLook[]
}

type ListsJudge = ExtendedJudge<BlockListsReason>

/** RFC 5782; and the error codes of Spamhaus, which others use as well, that mean "your question was wrong" and never "listed". Pure. */
export function evaluateBlockLists(seen: BlockListsObservation, target: ExtendedTarget): ExtendedVerdict {
  const answers = seen.lists.flatMap(({ listed, unlisted, senders }) => [
    listed,
    unlisted,
    ...senders.map(({ answer }) => answer),
  ])
  const judge: ListsJudge = extendedJudge(evidenceOf(answers, [], { lists: factsOf(seen.lists) }))
  if (!target.sends) return judge('pass', 'not-sending-ok', { domain: target.domain })
  if (target.mailHost?.sendingAddresses.length === 0) return judge('info', 'no-addresses')
  if (seen.lists.length === 0) return judge('skipped', 'no-lists')
  const verdicts = seen.lists.map((list) => judgeList(list, judge))
  return (
    worstOf(verdicts) ??
    judge('pass', 'ok', {
      lists: capList(
        seen.lists.map(({ zone }) => zone),
        20,
      ),
    })
  )
}

function judgeList(list: ListLook, judge: ListsJudge): ExtendedVerdict {
  const { zone: name, listed, unlisted, senders } = list
  const all = [listed, unlisted, ...senders.map(({ answer }) => answer)]
  const refusal = all.flatMap(codesOf).find(isErrorCode)
  if (refusal) return judge('unknown', 'list-refuses', { list: name, code: refusal })
  // A list that has gone often answers everything, or lies in a zone that somebody else has bought.
  if (codesOf(unlisted).length > 0 || all.flatMap(codesOf).some((code) => !code.startsWith('127.')))
    return judge('warn', 'list-lists-all', { list: name })
  const hit = senders.find(({ answer }) => codesOf(answer).length > 0)
  if (!isFault(listed.outcome) && codesOf(listed).length === 0) return judge('warn', 'list-dead', { list: name })
  if (hit && !isFault(listed.outcome)) {
    const codes = capList(codesOf(hit.answer), 10)
    return judge('fail', 'listed', { list: name, address: hit.address, codes })
  }
  return unknownByFault(judge, all) ?? judge('pass', 'ok', { lists: [name] })
}

const codesOf = (answer: DnsAnswer) => answer.records.map((record) => record.value).sort()
const isErrorCode = (code: string) => code.startsWith('127.255.255.')

function factsOf(lists: ListLook[]): Record<string, unknown> {
  const told = lists.map(({ zone, senders }) => [
    zone,
    Object.fromEntries(senders.map(({ address, answer }) => [address, foundValues(answer)])) as object,
  ])
  return Object.fromEntries(told) as Record<string, unknown>
}
