import type { Context } from '#server/platform/context'
import { RECORD_TYPES, type RecordType } from '#server/platform/dns/types'

/** The canary's record type; null when the setting names one that we cannot ask for. */
export function canaryType(ctx: Pick<Context, 'config'>): RecordType | null {
  return RECORD_TYPES.find((type) => type === ctx.config.canary.type) ?? null
}

/** Whether our own way to the DNS works: asks anew for the name that always resolves. */
export async function canaryResolves(ctx: Pick<Context, 'config' | 'dns'>, signal?: AbortSignal): Promise<boolean> {
  const type = canaryType(ctx)
  if (!type) return false
  const answer = await ctx.dns.fresh().query(ctx.config.canary.name, type, signal ? { signal } : {})
  return answer.outcome === 'answer'
}
