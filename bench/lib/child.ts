import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A program of `bench/children` in a process of its own, so that its time and memory are its own. */
export interface Child {
  /** The next thing that it says. Rejects when it ends instead. */
  next<T>(): Promise<T>
  send(message: object): void
  /** Ends it, and waits until it has ended. */
  end(): Promise<void>
}

/** @param compiled the program as `compileChild` made it; else it is run from its source */
export function startChild(name: string, env: Record<string, string> = {}, compiled?: string): Child {
  const file = compiled ?? fileURLToPath(new URL(`../children/${name}.ts`, import.meta.url))
  const execArgv = compiled === undefined ? ['--import', 'tsx'] : []
  const child = fork(file, [], { execArgv, env: { ...ownSettings(), ...env } })
  const said: unknown[] = []
  const waiting: { resolve: (message: never) => void; reject: (reason: Error) => void }[] = []
  child.on('message', (message) => {
    const waiter = waiting.shift()
    if (waiter) waiter.resolve(message as never)
    else said.push(message)
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  void ended.then(() => waiting.splice(0).forEach(({ reject }) => reject(new Error(`bench/children/${name} ended early`))))
  return {
    next: <T>() =>
      said.length > 0
        ? Promise.resolve(said.shift() as T)
        : new Promise<T>((resolve, reject) => waiting.push({ resolve, reject })),
    send: (message) => void child.send(message),
    async end() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await ended
    },
  }
}

/** A benchmark has settings of its own: those of the shell would measure something else. */
function ownSettings(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VIGIA_|AUDIT_|NODE_EXTRA_CA_CERTS$)/.test(name)))
}
