import type { Context } from '#server/platform/context'

/** Whether our own way to the DNS works: asks anew for the name that always resolves. */
export async function canaryResolves({ config, dns }: Pick<Context, 'config' | 'dns'>, signal?: AbortSignal): Promise<boolean> {
  const { name, type } = config.canary
  const answer = await dns.fresh().query(name, type, signal ? { signal } : {})
  return answer.outcome === 'answer'
}
