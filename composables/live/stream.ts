/** One server-sent-events stream per browser: the tab that holds the lock reads it and tells the others over a channel. */

const LIVE_KINDS = ['check', 'run', 'cycle', 'extended', 'audit', 'reset'] as const
export type LiveKind = (typeof LIVE_KINDS)[number]

export type StreamState = 'connecting' | 'live' | 'reconnecting'

interface LiveListener {
  /** `data` is the JSON text of the event; `reset` means that events were missed and everything is to be asked again. */
  onEvent: (kind: LiveKind, data: string) => void
  onState: (state: StreamState) => void
}

type Message =
  { type: 'event'; kind: LiveKind; data: string; id: string } | { type: 'state'; state: StreamState } | { type: 'hello' }

const NAME = 'vigia-live'
const RETRY_MS = 5_000

/** Follows the stream until the returned function is called. */
export function followLive(url: string, listener: LiveListener): () => void {
  const stop = new AbortController()
  const channel = new BroadcastChannel(NAME)
  let state: StreamState = 'connecting'
  let leading = false
  let heard = false
  let lastId = ''

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
    if (message.type === 'event') {
      lastId = message.id || lastId
      return listener.onEvent(message.kind, message.data)
    }
    state = message.state
    listener.onState(state)
  }
  channel.onmessage = (message: MessageEvent<Message>) => receive(message.data)

  function lead() {
    leading = true
    return readStream({ url, signal: stop.signal, share, isLate: heard, lastId: () => lastId })
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

interface Reading {
  url: string
  signal: AbortSignal
  share: (message: Message) => void
  /** Another tab has read before. */
  isLate: boolean
  /** Id of the last event that any tab has told of; empty before the first. */
  lastId: () => string
}

/**
 * Reads until `signal` fires. EventSource itself reconnects with Last-Event-ID after a dropped line; after a refusal (a restart behind a
 * proxy) it gives up for good, so a new one is opened. That one, and one that takes over from another tab, names the last event in its
 * address; where none is known, what was missed is made up for by a reset.
 */
function readStream({ url, signal, share, isLate, lastId }: Reading): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource
    let timer: ReturnType<typeof setTimeout> | undefined

    function open(again: boolean) {
      const since = again ? lastId() : ''
      source = new EventSource(since ? `${url}?lastEventId=${encodeURIComponent(since)}` : url)
      source.onopen = () => {
        share({ type: 'state', state: 'live' })
        if (again && !since) share({ type: 'event', kind: 'reset', data: '{}', id: '' })
        again = false
      }
      source.onerror = () => {
        share({ type: 'state', state: 'reconnecting' })
        if (source.readyState === EventSource.CLOSED) timer = setTimeout(() => open(true), RETRY_MS)
      }
      for (const kind of LIVE_KINDS)
        source.addEventListener(kind, ({ data, lastEventId }: MessageEvent<string>) => {
          share({ type: 'event', kind, data, id: lastEventId })
        })
    }

    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      source.close()
      resolve()
    })
    open(isLate)
  })
}
