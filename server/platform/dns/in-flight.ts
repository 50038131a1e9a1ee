/** Work that several callers wait for. It is given up only when the last of them has left. */
interface Shared<Result> {
  promise: Promise<Result>
  controller: AbortController
  waiting: number
  ended: boolean
}

/** Lets equal look-ups that run at the same time be one. */
export class InFlight<Result> {
  private readonly running = new Map<string, Shared<Result>>()

  /**
   * Joins the work under `key`, or starts it. When `signal` aborts, this caller gets `onAbort()` at once; the others go on.
   * @throws what `work` throws.
   */
  async share(
    key: string,
    work: (signal: AbortSignal) => Promise<Result>,
    onAbort: () => Result,
    signal?: AbortSignal,
  ): Promise<Result> {
    if (signal?.aborted) return onAbort()
    const shared = this.running.get(key) ?? this.start(key, work)
    shared.waiting++
    let leave = () => {}
    const left = new Promise<Result>((resolve) => {
      leave = () => resolve(onAbort())
      signal?.addEventListener('abort', leave, { once: true })
    })
    try {
      return await Promise.race([shared.promise, left])
    } finally {
      signal?.removeEventListener('abort', leave)
      shared.waiting--
      if (shared.waiting === 0 && !shared.ended) this.giveUp(key, shared)
    }
  }

  private start(key: string, work: (signal: AbortSignal) => Promise<Result>): Shared<Result> {
    const controller = new AbortController()
    const promise = work(controller.signal).finally(() => {
      shared.ended = true
      this.forget(key, shared)
    })
    const shared: Shared<Result> = { promise, controller, waiting: 0, ended: false }
    this.running.set(key, shared)
    return shared
  }

  private giveUp(key: string, shared: Shared<Result>): void {
    // Forgotten before it is aborted, so that a newcomer starts anew and does not inherit the abort.
    this.forget(key, shared)
    shared.controller.abort()
  }

  private forget(key: string, shared: Shared<Result>): void {
    if (this.running.get(key) === shared) this.running.delete(key)
  }
}
