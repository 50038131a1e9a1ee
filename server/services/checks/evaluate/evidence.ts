import { describeExtendedError } from '#server/platform/dns/extended-error'
import type { DnsAnswer } from '#server/platform/dns/types'
import type { HttpResult, TlsResult } from '#server/platform/http/types'
import type { ConnectionEvidence, Evidence, LookupEvidence } from '#shared/schemas/checks'

/** A hostile zone may publish anything; what is kept of it stays bounded. */
const MAX_VALUES = 50
const MAX_VALUE_CHARS = 4_096
const MAX_LOOKUPS = 80
const MAX_NOTES = 20

/** Cuts one text to what evidence keeps and says how much was left out. */
export function capText(text: string, max = MAX_VALUE_CHARS): string {
  return text.length <= max ? text : `${text.slice(0, max)}… (${text.length - max} more characters)`
}

/** Cuts a list to what evidence keeps; the last line says how many were left out. */
export function capList(values: readonly string[], max = MAX_VALUES): string[] {
  const kept = values.slice(0, max).map((value) => capText(value))
  return values.length > max ? [...kept, `… and ${values.length - max} more`] : kept
}

/** One DNS question as it is shown: who was asked, what each said, what was found. */
export function lookupEvidence(answer: DnsAnswer): LookupEvidence {
  const notes: string[] = []
  if (answer.disagree) notes.push('resolvers-disagree')
  if (answer.singleResolver && answer.outcome !== 'answer') notes.push('single-resolver')
  if (answer.cached) notes.push('cached')
  if (answer.replies.some((reply) => reply.tcp)) notes.push('tcp')
  if (answer.ad) notes.push('authenticated')
  notes.push(...answer.ede.slice(0, MAX_NOTES).map((error) => `EDE ${describeExtendedError(error)}`))
  return {
    name: answer.name,
    type: answer.type,
    outcome: answer.outcome,
    values: capList(answer.records.map((record) => record.value)),
    cnames: capList(answer.cnames, MAX_NOTES),
    ttl: Math.max(0, Math.trunc(answer.ttl)),
    servers: [...answer.replies, ...zoneServers(answer)].slice(0, MAX_NOTES).map(({ server, outcome }) => ({ server, outcome })),
    notes,
  }
}

/** The zone's own servers, which were asked after the resolvers failed. */
const zoneServers = ({ zone }: DnsAnswer) =>
  (zone?.replies ?? []).map(({ host, address, outcome }) => ({ server: `${host} (${address})`, outcome }))

/**
 * The evidence of a verdict. `found` takes only what stays the same while the world does (records, statuses, certificate fields):
 * a change in it counts as a transition, so no latency, TTL, server or random value may enter.
 */
export function evidenceOf(
  answers: readonly DnsAnswer[],
  connections: readonly ConnectionEvidence[],
  found: Evidence['found'],
): Evidence {
  return {
    lookups: answers.slice(0, MAX_LOOKUPS).map(lookupEvidence),
    connections: connections.slice(0, MAX_LOOKUPS),
    found,
  }
}

/** The values of an answer in a stable order, bounded: resolvers shuffle. */
export function foundValues(answer: DnsAnswer): string[] {
  return capList(answer.records.map((record) => record.value).sort())
}

/** How a connection ended. `target` is a URL or host and port, never with credentials. */
export function connectionEvidence(target: string, result: HttpResult | TlsResult): ConnectionEvidence {
  const outcome = !result.ok ? result.fault : 'status' in result ? `HTTP ${result.status}` : result.protocol
  return {
    target: capText(target, 500),
    address: result.address,
    result: outcome,
    latencyMs: Math.max(0, Math.round(result.latencyMs)),
  }
}
