import fc from 'fast-check'
import { expect } from 'vitest'
import type { DnsAnswer, DnsRecord } from '#server/platform/dns/types'
import { faulty, questionOf } from './recorded-dns'

const FAULTS = ['servfail', 'refused', 'timeout'] as const
type Fault = (typeof FAULTS)[number]
interface Judged {
  status: string
  reason: string
}

/** One check of one domain, its answers recorded: what it says, and what it says when answers are changed. */
export interface Subject {
  label: string
  /** Every question that was asked, as `TYPE name`. */
  questions: string[]
  verdict: Judged
  look(change: (answer: DnsAnswer) => DnsAnswer): Promise<Judged>
}

/** What a fault must not do: turn a verdict to `fail`, or blame the domain for something that was not its fault before. */
async function wrongfulFail({ label, verdict, look }: Subject, faults: ReadonlyMap<string, Fault>): Promise<string | null> {
  const seen = await look((answer) => {
    const fault = faults.get(questionOf(answer))
    return fault ? faulty(answer, fault) : answer
  })
  if (seen.status !== 'fail' || (verdict.status === 'fail' && (verdict.reason === seen.reason || isSameBlame(verdict, seen))))
    return null
  return `${label}: ${verdict.status} ${verdict.reason} became fail ${seen.reason} by ${JSON.stringify([...faults])}`
}

/** Where the record stands by mistake may stay unknown; that there is none in its place is known all the same. */
const isSameBlame = (before: Judged, after: Judged) => before.reason === 'wrong-location' && after.reason === 'missing'

/** Each answer alone, by each fault; and all of them. Answers what failed wrongly. */
export async function everyFault(subjects: readonly Subject[]): Promise<string[]> {
  const found = subjects.map((subject) => {
    const single = subject.questions.flatMap((question) => FAULTS.map((fault) => new Map([[question, fault]])))
    const all = FAULTS.map((fault) => new Map(subject.questions.map((question) => [question, fault])))
    return Promise.all([...single, ...all].map((faults) => wrongfulFail(subject, faults)))
  })
  return (await Promise.all(found)).flat().filter((wrong) => wrong !== null)
}

/** Any number of answers, any faults. */
const someFaults = (subjects: readonly Subject[]) =>
  fc.constantFrom(...subjects).chain((subject) => {
    const length = subject.questions.length
    return fc.array(fc.option(fc.constantFrom(...FAULTS)), { minLength: length, maxLength: length }).map((faults) => {
      const chosen = subject.questions.flatMap((question, at) => (faults[at] ? [[question, faults[at]] as const] : []))
      return { subject, faults: new Map<string, Fault>(chosen) }
    })
  })

/** No set of answers that are missing makes a check fail. */
export const neverFails = (subjects: readonly Subject[]) =>
  fc.assert(
    fc.asyncProperty(someFaults(subjects), async ({ subject, faults }) => {
      expect(await wrongfulFail(subject, faults)).toBeNull()
    }),
    { numRuns: 300 },
  )

/** Sorts by numbers drawn for it. */
function shuffled<T>(items: readonly T[], draws: readonly number[]): T[] {
  return items
    .map((item, at) => ({ item, key: draws[at % draws.length] ?? 0 }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item)
}

/** Letters of a name mean the same in either case (RFC 4343); every `mask`-th is turned. */
const turned = (text: string, mask: number) =>
  [...text].map((letter, at) => (at % mask === 0 ? letter.toUpperCase() : letter.toLowerCase())).join('')

/** SPF is case-insensitive (RFC 7208 §4.6.1), but a capital macro letter escapes. */
const turnedText = (text: string, mask: number) => (/^v=spf1/i.test(text) && !text.includes('%') ? turned(text, mask) : text)

function split(text: string, at: number): string[] {
  return text.length > 1 ? [text.slice(0, at % text.length), text.slice(at % text.length)] : [text]
}

function rewritten(one: DnsRecord, mask: number, cut: number): DnsRecord {
  if (one.exchange !== undefined) return { ...one, exchange: turned(one.exchange, mask), value: turned(one.value, mask) }
  if (one.type !== 'TXT') return one
  const value = turnedText(one.value, mask)
  return { ...one, value, strings: split(value, cut) }
}

/** Order of records, letter case and the cutting of texts change no verdict. */
export const meansTheSame = (subjects: readonly Subject[]) =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...subjects),
      fc.array(fc.nat(1_000), { minLength: 12, maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(400),
      async ({ label, verdict, look }, draws, mask, cut) => {
        const { status, reason } = await look((answer) => ({
          ...answer,
          records: shuffled(answer.records, draws).map((one) => rewritten(one, mask, cut)),
        }))
        expect({ label, status, reason }).toEqual({ label, status: verdict.status, reason: verdict.reason })
      },
    ),
    { numRuns: 300 },
  )
