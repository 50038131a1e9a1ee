import { createHmac } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

export interface SenderOptions {
  url: () => string
  key: string
  /** Waited before each request and before a failed batch goes again, milliseconds; Stalwart's default is a second. */
  throttleMs?: number
  /** An event that is older when it is put back is dropped; five minutes when not said. */
  discardAfterMs?: number
  /** How ids are made: a new one each time (0.16.11 and later), or one for a type and second (before). */
  ids?: 'new' | 'shared'
  /** The most events of a request. Stalwart itself knows no bound. */
  atOnce?: number
}

interface Pending {
  createdAt: string
  type: string
  data: string
  since: number
}

/**
 * Stalwart's webhook sender: one request at a time; what is refused or broken off is put back as it was, mixed with what came meanwhile, and
 * sent again after the throttle, without backoff. Nothing is kept over a restart.
 */
export class StalwartSender {
  /** Requests sent, answered with 2xx, and events dropped for their age. */
  readonly counts = { sent: 0, accepted: 0, dropped: 0 }
  private pending: Pending[] = []
  private serial = 0

  constructor(private readonly options: SenderOptions) {}

  /** @param data the JSON text of the event's data, so that a test may say numbers that JavaScript cannot hold */
  emit(type: string, data: string, createdAt: string): void {
    this.pending.push({ type, data, createdAt, since: Date.now() })
  }

  /** Events that still wait, or are on their way for the first time or again. */
  get left(): number {
    return this.pending.length
  }

  /** Sends until nothing is left, or until it is told to stop. */
  async drain(signal?: AbortSignal): Promise<void> {
    while (this.pending.length > 0 && !signal?.aborted) {
      await pause(this.options.throttleMs ?? 1_000)
      const batch = this.pending.splice(0, this.options.atOnce ?? Infinity)
      if (await this.send(batch)) this.counts.accepted++
      else this.putBack(batch)
    }
  }

  /** One request with these events. @returns whether it was answered with 2xx */
  private async send(batch: Pending[]): Promise<boolean> {
    const body = `{"events":[${batch.map((event) => this.told(event)).join(',')}]}`
    const signature = createHmac('sha256', this.options.key).update(body).digest('base64')
    this.counts.sent++
    try {
      const headers = { 'content-type': 'application/json', 'x-signature': signature }
      const answer = await fetch(this.options.url(), { method: 'POST', body, headers })
      await answer.arrayBuffer()
      return answer.ok
    } catch {
      return false
    }
  }

  private told({ createdAt, type, data }: Pending): string {
    const seconds = Math.floor(Date.parse(createdAt) / 1000)
    const id = this.options.ids === 'shared' ? `${seconds}${type.length}` : `${seconds}${this.serial++}${type.length}`
    return `{"id":"${id}","createdAt":"${createdAt}","type":"${type}","data":${data}}`
  }

  /** Behind what came meanwhile, every second of them first: order is not by time after this. */
  private putBack(batch: Pending[]): void {
    const oldest = Date.now() - (this.options.discardAfterMs ?? 300_000)
    const young = batch.filter(({ since }) => since >= oldest)
    this.counts.dropped += batch.length - young.length
    const odd = young.filter((_, index) => index % 2 === 1)
    const even = young.filter((_, index) => index % 2 === 0)
    this.pending = [...this.pending.slice(0, 1), ...odd, ...even, ...this.pending.slice(1)]
  }
}
