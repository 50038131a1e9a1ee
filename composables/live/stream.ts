/** One server-sent-events stream per browser: the tab that holds the lock reads it and tells the others over a channel. */

export const LIVE_KINDS = ['check', 'run', 'cycle', 'reset'] as const
export type LiveKind = (typeof LIVE_KINDS)[number]

export type StreamState = 'connecting' | 'live' | 'reconnecting'

export interface LiveListener {
  /** `data` is the JSON text of the event; `reset` means that events were missed and everything is to be asked again. */
  onEvent: (kind: LiveKind, data: string) => void
  onState: (state: StreamState) => void
}

type Message = { type: 'event'; kind: LiveKind; data: string } | { type: 'state'; state: StreamState } | { type: 'hello' }

const NAME = 'vigia-live'
const RETRY_MS = 5_000

/** Follows the stream until the returned function is called. */
export function followLive(url: string, listener: LiveListener): () => void {
  const stop = new AbortController()
  const channel = new BroadcastChannel(NAME)
  let state: StreamState = 'connecting'
  let leading = false
  let heard = false

  const share = (message: Message) => {
    channel.postMessage(message)
    receive(message)
  }
  function receive(message: Message) {
    if (message.type === 'hello') {
      if (leading) channel.postMessage({ type: 'state', state } satisfies Message)
      return
    }
    heard = true
    if (message.type === 'event') return listener.onEvent(message.kind, message.data)
    state = message.state
    listener.onState(state)
  }
  channel.onmessage = (message: MessageEvent<Message>) => receive(message.data)

  function lead() {
    // The tab that read before us is gone, and the place where it stopped with it.
    if (heard) share({ type: 'event', kind: 'reset', data: '{}' })
    leading = true
    return readStream(url, stop.signal, share)
  }

  // Without locks (a plain-http address other than loopback) each tab reads for itself.
  if ('locks' in navigator) navigator.locks.request(NAME, { signal: stop.signal }, lead).catch(() => undefined)
  else void lead()
  channel.postMessage({ type: 'hello' } satisfies Message)

  return () => {
    stop.abort()
    channel.close()
  }
}

/**
 * Reads until `signal` fires. EventSource itself reconnects with Last-Event-ID after a dropped line; after a refusal (a restart behind a
 * proxy) it gives up for good, so a new one is opened, and what happened in between is made up for by a reset.
 */
function readStream(url: string, signal: AbortSignal, share: (message: Message) => void): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource
    let timer: ReturnType<typeof setTimeout> | undefined

    function open(again: boolean) {
      source = new EventSource(url)
      source.onopen = () => {
        share({ type: 'state', state: 'live' })
        if (again) share({ type: 'event', kind: 'reset', data: '{}' })
        again = false
      }
      source.onerror = () => {
        share({ type: 'state', state: 'reconnecting' })
        if (source.readyState === EventSource.CLOSED) timer = setTimeout(() => open(true), RETRY_MS)
      }
      for (const kind of LIVE_KINDS)
        source.addEventListener(kind, (event: MessageEvent<string>) => share({ type: 'event', kind, data: event.data }))
    }

    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      source.close()
      resolve()
    })
    open(false)
  })
}
