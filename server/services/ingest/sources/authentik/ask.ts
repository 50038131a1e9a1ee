import { isIP } from 'node:net'
import type { HttpResult } from '#server/platform/http/types'
import type { SourceFaultToken } from '#shared/schemas/ingest'
import { SourceFault, type SourceWork } from '../../contract'
import type { AuthentikSettings } from './settings'

const TIMEOUT_MS = 20_000
/** A page of a hundred ordinary events is 100 kB; what an event may hold has no limit there. */
const PAGE_BYTES = 4 * 1024 * 1024

export type Asking = Pick<SourceWork<AuthentikSettings>, 'ctx' | 'settings' | 'fromEnvironment' | 'signal'>

type Answer = Extract<HttpResult, { ok: true }>

/**
 * `GET` of the API, parsed; null for 404.
 * @param path below `/api/v3/`, with its query
 * @throws SourceFault
 */
export async function askJson(asking: Asking, path: string): Promise<unknown> {
  const answer = await ask(asking, path)
  if (answer.status === 404) return null
  const fault = faultOf(answer)
  if (fault) throw new SourceFault(fault, retryAfterMs(answer, asking.ctx.now()))
  if (answer.truncated) throw new SourceFault('too-large')
  try {
    return JSON.parse(answer.body)
  } catch {
    throw new SourceFault('unexpected-answer')
  }
}

async function ask({ ctx, settings, fromEnvironment, signal }: Asking, path: string): Promise<Answer> {
  const url = new URL(`${settings.url!.replace(/\/+$/, '')}/api/v3/${path}`)
  const address = await resolve(ctx, url, signal)
  const result = await ctx.http.request({
    ...{ url, address, timeoutMs: TIMEOUT_MS, maxBodyBytes: PAGE_BYTES, verifyTls: true, signal, keep: true },
    headers: { authorization: `Bearer ${settings.token!}`, accept: 'application/json' },
    // Whoever sets the environment may point to an inner address; whoever sets it in the portal needs VIGIA_ALLOW_NETS.
    ...(fromEnvironment.has('url') && { ownAddresses: [address] }),
  })
  if (!result.ok) throw new SourceFault(CONNECTION[result.fault])
  return result
}

const CONNECTION: Record<Extract<HttpResult, { ok: false }>['fault'], SourceFaultToken> = {
  ...{ refused: 'refused', timeout: 'timeout', unreachable: 'unreachable', reset: 'reset', protocol: 'protocol' },
  ...{ 'blocked-address': 'blocked-address', 'tls-invalid': 'tls-invalid' },
  ...{ 'not-tls': 'tls-invalid', 'tls-alert': 'tls-invalid', 'unrecognized-name': 'tls-invalid' },
}

async function resolve(ctx: Asking['ctx'], url: URL, signal: AbortSignal): Promise<string> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host)) return host
  if (host === 'localhost') return '127.0.0.1'
  for (const type of ['A', 'AAAA'] as const) {
    const { records } = await ctx.dns.query(host, type, { signal })
    if (records[0]) return records[0].value
  }
  throw new SourceFault('no-address')
}

function faultOf({ status }: Answer): SourceFaultToken | null {
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 429) return 'rate-limited'
  if (status >= 500) return 'server-error'
  return status === 200 ? null : 'unexpected-answer'
}

/** RFC 9110 §10.2.3: seconds or a date. */
function retryAfterMs({ headers }: Answer, now: number): number | undefined {
  const said = headers['retry-after']
  if (!said) return undefined
  const ms = /^\d{1,9}$/.test(said) ? Number(said) * 1_000 : Date.parse(said) - now
  return ms > 0 ? ms : undefined
}
