import type { Worker } from 'node:worker_threads'
import { startThread } from '#server/platform/thread'
import { ServiceError } from '#shared/errors'
import type { TaskName, TaskRunner, TASKS } from './tasks'

export interface ThreadData {
  databaseFile: string
  dataDir: string
  secretKey: string | null
}

/** Asked for when a thread starts: the built server knows its own address only after it has loaded. */
const programUrl = () => new URL('./worker.ts', import.meta.url)

/** More would take the processors that the portal answers with. */
const THREADS = 2

interface Job {
  task: TaskName
  input: unknown
  resolve: (result: never) => void
  reject: (reason: Error) => void
}

/** Threads that take tasks in turn. `close` them. */
export class Threads implements TaskRunner {
  private readonly workers: Worker[]
  private readonly idle: Worker[]
  private readonly waiting: Job[] = []
  private readonly running = new Map<Worker, Job>()
  private fault: Error | null = null

  constructor({ databaseFile, dataDir, secretKey }: ThreadData) {
    const data = { databaseFile, dataDir, secretKey }
    this.workers = Array.from({ length: THREADS }, () => startThread(programUrl(), data))
    this.idle = [...this.workers]
    for (const worker of this.workers) {
      worker.on('message', (message) => this.answered(worker, message))
      worker.on('error', (error) => this.failed(error))
    }
  }

  run<T extends TaskName>(task: T, input: Parameters<(typeof TASKS)[T]>[1]): Promise<ReturnType<(typeof TASKS)[T]>> {
    return new Promise((resolve, reject) => {
      if (this.fault) return reject(this.fault)
      this.waiting.push({ task, input, resolve, reject })
      this.next()
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()))
  }

  private next(): void {
    while (this.idle.length > 0 && this.waiting.length > 0) {
      const [worker, job] = [this.idle.pop()!, this.waiting.shift()!]
      this.running.set(worker, job)
      worker.postMessage({ task: job.task, input: job.input })
    }
  }

  private answered(worker: Worker, message: { result?: never; error?: string }): void {
    const job = this.running.get(worker)!
    this.running.delete(worker)
    this.idle.push(worker)
    if (message.error === undefined) job.resolve(message.result!)
    else job.reject(new ServiceError('STORAGE_UNAVAILABLE', `The audit log cannot be read: ${message.error}`))
    this.next()
  }

  private failed(error: Error): void {
    this.fault = error
    for (const job of [...this.running.values(), ...this.waiting.splice(0)]) job.reject(error)
  }
}
