import type { H3Event } from 'h3'
import type { Context } from '#server/platform/context'
import { liveHub, type Subscriber } from '#server/platform/live'

const HEARTBEAT_MS = 15_000
/** Wait of a browser before it connects again. */
const RETRY_MS = 2_000
/** A reader with more than this waiting is dropped: it comes back with its Last-Event-ID. */
const MAX_WAITING_BYTES = 1024 * 1024

/**
 * Streams the hub's events to one reader until either side ends (server-sent events, HTML standard §9.2).
 * @param stillAllowed asked at each heartbeat; a rejection ends the stream
 */
export async function streamLive(event: H3Event, ctx: Context, stillAllowed: () => Promise<unknown>): Promise<void> {
  const { req, res } = event.node
  res.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  })
  res.write(`retry: ${RETRY_MS}\n\n`)
  const closed = new Promise<void>((done) => res.once('close', done))
  const subscriber = subscriberOf(res, ctx)
  const leave = await liveHub(ctx).join(subscriber, lastEventId(req.headers['last-event-id'], event))
  // Whoever was revoked meanwhile is put out here, not only at the next request.
  const heartbeat = setInterval(() => {
    stillAllowed().then(
      () => res.write(': still here\n\n'),
      () => res.end(),
    )
  }, HEARTBEAT_MS)
  await closed
  clearInterval(heartbeat)
  leave()
}

function subscriberOf(res: H3Event['node']['res'], ctx: Context): Subscriber {
  const write = (text: string) => {
    res.write(text)
    return res.writableLength <= MAX_WAITING_BYTES
  }
  return {
    scope: ctx.scope,
    // An id without data moves the browser's Last-Event-ID and dispatches nothing.
    joined: (lastId) => void write(`id: ${lastId}\n\n`),
    send: (row) => write(`id: ${row.id}\nevent: ${row.type}\ndata: ${row.data}\n\n`),
    reset: (lastId) => void write(`id: ${lastId}\nevent: reset\ndata: {}\n\n`),
    // A slow reader's socket is cut: ending politely would wait for it.
    end: () => (res.writableLength > MAX_WAITING_BYTES ? res.destroy() : res.end()),
  }
}

/** What is no number is an id of nobody's: the reader starts anew with a reset. */
function lastEventId(header: string | string[] | undefined, event: H3Event): number | null {
  const given = header ?? new URL(event.path, 'http://localhost').searchParams.get('lastEventId') ?? undefined
  if (given === undefined || given === '') return null
  return /^\d{1,15}$/.test(String(given)) ? Number(given) : Number.MAX_SAFE_INTEGER
}
