import { spf, type SPFOptions } from 'mailauth/lib/spf/index.js'
import { RECORD_TYPES, type DnsAnswer, type RecordType } from '#server/platform/dns/types'
import type { SpfEvaluation, SpfResult } from '../evaluate/dns-spf'
import type { CheckWorld } from './contract'

/** The codes that mailauth knows from node:dns; every other outcome is a temporary error to it (RFC 7208 §2.6.6). */
const ERROR_CODES: Partial<Record<DnsAnswer['outcome'], string>> = {
  nxdomain: 'ENOTFOUND',
  nodata: 'ENODATA',
  timeout: 'ETIMEOUT',
  refused: 'EREFUSED',
}

class LookupError extends Error {
  constructor(readonly code: string) {
    super(code)
  }
}

/** Evaluates SPF over the check's own DNS; each question is asked once for all addresses and kept for the evidence. */
export interface SpfEngine {
  /** Every answer so far, in the order of asking. */
  answers(): DnsAnswer[]
  evaluate(address: string, identity?: SpfIdentity): Promise<SpfEvaluation>
}

/** Whose mail it claims to be; an empty sender is a bounce, for which the HELO name counts (RFC 7208 §2.4). */
export interface SpfIdentity {
  sender: string
  helo: string
}

/** An engine for one domain; the sender is `postmaster@domain` unless another identity is given. */
export function createSpfEngine(world: Pick<CheckWorld, 'dns' | 'signal'>, domain: string): SpfEngine {
  const asked = new Map<string, Promise<DnsAnswer>>()
  const answers: DnsAnswer[] = []

  async function look(name: string, type: RecordType): Promise<DnsAnswer> {
    const answer = await world.dns.query(name, type, { signal: world.signal })
    answers.push(answer)
    return answer
  }

  async function resolver(name: string, type: string): Promise<unknown[]> {
    const known = RECORD_TYPES.find((one) => one === type)
    if (!known) throw new LookupError('ENOTIMP')
    const key = `${known}:${name.toLowerCase()}`
    const pending = asked.get(key) ?? look(name, known)
    asked.set(key, pending)
    return toNodeShape(await pending)
  }

  async function evaluate(address: string, identity = { sender: `postmaster@${domain}`, helo: domain }): Promise<SpfEvaluation> {
    const outcome = await spf({
      ...identity,
      ip: address,
      mta: 'vigia',
      strict: true,
      // Typed for the texts of TXT alone; at run time it takes what `dns.promises.resolve` gives for each type.
      resolver: resolver as SPFOptions['resolver'],
    })
    return {
      address,
      result: outcome.status.result as SpfResult,
      text: reasonText(outcome.status.comment),
      lookups: outcome.lookups?.count ?? 0,
      voids: outcome.lookups?.void ?? 0,
    }
  }

  return { answers: () => [...answers], evaluate }
}

/** The shapes of `dns.promises.resolve`, which mailauth expects. */
function toNodeShape(answer: DnsAnswer): unknown[] {
  // A name that cannot even be asked for is the record's fault, not the resolver's.
  if (answer.outcome === 'formerr' && answer.replies.length === 0) throw new LookupError('EBADNAME')
  if (answer.outcome !== 'answer') throw new LookupError(ERROR_CODES[answer.outcome] ?? 'ESERVFAIL')
  if (answer.type === 'MX')
    return answer.records.map((record) => ({ exchange: record.exchange ?? '', priority: record.preference ?? 0 }))
  if (answer.type === 'TXT') return answer.records.map((record) => record.strings ?? [record.value])
  return answer.records.map((record) => record.value)
}

/** mailauth's comment is `host: … lookup of SENDER: reason`; the reason is what the record did wrong. */
function reasonText(comment: unknown): string {
  const text = typeof comment === 'string' ? comment : ''
  return /lookup of \S+: (.*)$/s.exec(text)?.[1] ?? text
}
