import { parentPort, Worker } from 'node:worker_threads'

type Reply<A> = { answer: A } | { fault: string }

/** Said to a thread that shall end. */
const END = null

/**
 * Starts a program in a thread. Its address is written as in `drizzle/checkpoint/checkpointer.ts`, in a function: the build finds it by that
 * and gives it a file of its own, and the built server knows its own address only after it has loaded.
 */
export function startThread(program: URL, data: unknown): Worker {
  if (!program.pathname.endsWith('.ts')) return new Worker(program, { workerData: data })
  // From source, TypeScript needs its loader first.
  const load = `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(program.href)})))`
  return new Worker(load, { eval: true, workerData: data })
}

/** One that does not end by itself within this is ended. */
const END_LIMIT_MS = 5_000

/** A program in a thread that answers one question at a time (`answerInThread`), and keeps the process alive only while it does. */
export class Thread<Question extends string | object, Answer> {
  private readonly worker: Worker
  private ended: Error | null = null
  private isAsked = false

  constructor(program: URL, data: unknown) {
    this.worker = startThread(program, data)
    this.worker.unref()
    this.worker.on('error', (error) => (this.ended = error))
    this.worker.on('exit', () => (this.ended ??= new Error('The thread has ended')))
  }

  /** It will not answer any more. */
  get hasEnded(): boolean {
    return this.ended !== null
  }

  /** Rejects with what went wrong in answering, when the thread ends instead, or after `limitMs`: then it hangs, and is ended. */
  ask(question: Question, limitMs: number): Promise<Answer> {
    if (this.ended) return Promise.reject(this.ended)
    // Two that wait would both take the answer to the first.
    if (this.isAsked) return Promise.reject(new Error('The thread is at another question'))
    this.isAsked = true
    this.worker.ref()
    return new Promise<Answer>((resolve, reject) => {
      const replied = (reply: Reply<Answer>) => {
        settle()
        if ('fault' in reply) reject(new Error(reply.fault))
        else resolve(reply.answer)
      }
      const ended = () => {
        settle()
        reject(this.ended!)
      }
      const hangs = () => {
        this.ended = new Error('The thread does not answer')
        void this.worker.terminate()
        ended()
      }
      const limit = setTimeout(hangs, limitMs)
      const settle = () => {
        clearTimeout(limit)
        this.isAsked = false
        this.worker.off('message', replied).off('exit', ended).unref()
      }
      this.worker.on('message', replied).on('exit', ended)
      try {
        this.worker.postMessage(question)
      } catch (error) {
        settle()
        reject(error as Error)
      }
    })
  }

  /** Lets it put away what it holds, and waits until it has ended. */
  async end(): Promise<void> {
    if (this.ended) return
    this.worker.ref()
    const ended = new Promise((done) => this.worker.once('exit', done))
    this.worker.postMessage(END)
    const limit = setTimeout(() => void this.worker.terminate(), END_LIMIT_MS)
    await ended
    clearTimeout(limit)
  }
}

/** The other side of a `Thread`. `end` puts away what the program holds. */
export function answerInThread<Question extends string | object, Answer>(
  answer: (question: Question) => Answer | Promise<Answer>,
  end: () => unknown,
): void {
  const port = parentPort!
  port.on('message', async (question: Question | typeof END) => {
    if (question === END) {
      await end()
      port.close()
      return
    }
    try {
      port.postMessage({ answer: await answer(question) } satisfies Reply<Answer>)
    } catch (error) {
      port.postMessage({ fault: error instanceof Error ? error.message : 'unknown' } satisfies Reply<Answer>)
    }
  })
}
