import type { Context } from '#server/platform/context'
import { RECORD_TYPES, type RecordType } from '#server/platform/dns/types'

/** Whether our own way to the DNS works: asks anew for the name that always resolves. */
export async function canaryResolves(ctx: Pick<Context, 'config' | 'dns'>, signal?: AbortSignal): Promise<boolean> {
  const { name, type } = ctx.config.canary
  const known = RECORD_TYPES.find((recordType): recordType is RecordType => recordType === type)
  if (!known) return false
  const answer = await ctx.dns.fresh().query(name, known, signal ? { signal } : {})
  return answer.outcome === 'answer'
}
