import { NO_ZONE } from '#server/platform/dns/zone-look'
import type { DnsAnswer, DnsClient } from '#server/platform/dns/types'

/** A client that asks `dns` once for each question and replays the answer from then on; `change` may put another in its place. */
export interface RecordedDns {
  client(change?: (answer: DnsAnswer) => DnsAnswer): DnsClient
  /** Every question so far, as `TYPE name`. */
  questions(): string[]
}

/** How a question is named in a recording. */
export const questionOf = ({ type, name }: Pick<DnsAnswer, 'type' | 'name'>) => `${type} ${name.toLowerCase()}`

/** Records what a zone says, so that hundreds of cases about it take seconds. What the zone's own servers say is not asked. */
export function recordDns(dns: DnsClient): RecordedDns {
  const answers = new Map<string, Promise<DnsAnswer>>()
  const questions = new Set<string>()

  function client(change = (answer: DnsAnswer) => answer): DnsClient {
    const replaying: DnsClient = {
      async query(name, type, { dnssec = false, checkingDisabled = false } = {}) {
        const question = questionOf({ name, type })
        const key = `${question} ${dnssec} ${checkingDisabled}`
        const answer = answers.get(key) ?? dns.query(name, type, { dnssec, checkingDisabled })
        answers.set(key, answer)
        questions.add(question)
        return change(await answer)
      },
      zone: () => Promise.resolve(NO_ZONE),
      fresh: () => replaying,
    }
    return replaying
  }
  return { client, questions: () => [...questions] }
}

/** The same question, and an outcome that says nothing about the name. */
export function faulty(answer: DnsAnswer, outcome: 'servfail' | 'refused' | 'timeout'): DnsAnswer {
  return { ...answer, outcome, records: [], cnames: [], ttl: 0, disagree: false }
}
