import { Agent, get } from 'node:http'

export interface Load {
  url: string
  headers: Record<string, string>
  perSecond: number
  seconds: number
}

export interface LoadResult {
  /** Milliseconds from the moment a request was due until its last byte was here. Failed requests are in `errors` only. */
  latencies: number[]
  errors: number
  /** Of the body of one answer. */
  bytes: number
  /** How the last answer was encoded on the wire, and its status; 200 and 304 count as answers. */
  encoding: string
  status: number
}

/** An answer that takes longer has failed; it also bounds the whole run. */
const REQUEST_LIMIT_MS = 10_000

/**
 * Sends requests on a fixed grid whether or not earlier ones were answered, and counts each one's time from the moment it was due: a
 * server that stalls is seen by all who would have come meanwhile. (A closed loop waits with it, and measures nothing.)
 */
export async function openLoop({ url, headers, perSecond, seconds }: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true })
  const result: LoadResult = { latencies: [], errors: 0, bytes: 0, encoding: 'identity', status: 0 }
  const one = (due: number) =>
    new Promise<void>((resolve) => {
      let settled = false
      const settle = (note: () => void) => {
        if (settled) return
        settled = true
        note()
        resolve()
      }
      const fail = () => settle(() => result.errors++)
      const request = get(url, { agent, headers, signal: AbortSignal.timeout(REQUEST_LIMIT_MS) }, (response) => {
        let bytes = 0
        response.on('data', (chunk: Buffer) => (bytes += chunk.length))
        response.on('error', fail)
        response.on('end', () => {
          const { statusCode: status = 0, headers: got } = response
          if (status !== 200 && status !== 304) return fail()
          Object.assign(result, { bytes, encoding: got['content-encoding'] ?? 'identity', status })
          settle(() => result.latencies.push(performance.now() - due))
        })
      })
      request.on('error', fail)
    })
  const [startedAt, requests] = [performance.now(), [] as Promise<void>[]]
  for (let n = 0; n < perSecond * seconds; n++) {
    const due = startedAt + (n * 1_000) / perSecond
    const early = due - performance.now()
    if (early > 0) await new Promise((done) => setTimeout(done, early))
    requests.push(one(due))
  }
  await Promise.all(requests)
  agent.destroy()
  return result
}
