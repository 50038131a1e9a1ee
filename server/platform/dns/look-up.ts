import { askServer, type Word } from './ask-server'
import { describeExtendedError } from './extended-error'
import { ResolverOrder } from './resolver-order'
import { combine } from './second-opinion'
import type { ServerAddress } from './server-address'
import type { QueryFlags } from './message'
import type { DnsAnswer, ExtendedError, RecordType } from './types'

export interface Question {
  name: string
  type: RecordType
  flags?: QueryFlags
}

export type LookUp = (question: Question, signal: AbortSignal) => Promise<DnsAnswer>

/** An answer in which nobody has said anything yet. */
export function silentAnswer({ name, type }: Question, askedAt: number, singleResolver: boolean): Omit<DnsAnswer, 'outcome'> {
  const said = { records: [], cnames: [], signatures: [], ad: false, ede: [], ttl: 0, replies: [] }
  return { name, type, ...said, disagree: false, singleResolver, cached: false, askedAt }
}

/** One look at the resolvers: the first one's word counts when it is an answer, otherwise the second is asked too. */
export function createLookUp(servers: ServerAddress[], now: () => number, queryTimeoutMs: number): LookUp {
  const order = new ResolverOrder(servers, now)

  return async (question, signal) => {
    const { name, type, flags } = question
    const askedAt = now()
    const words: Word[] = []
    const ask = async (server: ServerAddress, again = false) => {
      const timeoutMs = order.timeoutFor(server, queryTimeoutMs)
      // Ports belong to the object, so a copy has a new one: who found out a port must not be believed twice.
      const place = again ? { ...server } : server
      const word = await askServer(place, name, type, { timeoutMs, signal, flags })
      // An aborted question says nothing about the resolver.
      if (!signal.aborted) order.note(server, word.outcome)
      words.push(word)
      return word
    }
    const [firstServer, secondServer] = order.pair()
    const first = await ask(firstServer)
    const settled = first.outcome === 'answer' || signal.aborted
    const counted = settled
      ? { ...first, disagree: false }
      : combine(first, await ask(secondServer, secondServer === firstServer))
    const { outcome, records, cnames, signatures, ad, ttl, disagree } = counted
    const replies = words.map((word) => word.reply)
    const ede = distinct(replies.flatMap((reply) => reply.ede))
    const said = { name, type, outcome, records, cnames, signatures, ad, ede, ttl, replies, disagree }
    return { ...said, singleResolver: servers.length === 1, cached: false, askedAt }
  }
}

function distinct(errors: ExtendedError[]): ExtendedError[] {
  if (errors.length === 0) return errors
  return [...new Map(errors.map((error) => [describeExtendedError(error), error])).values()]
}
