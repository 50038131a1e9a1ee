import { Worker } from 'node:worker_threads'

/**
 * Starts a program in a thread of its own. Write its address as `new URL('./worker.ts', import.meta.url)` in a function beside the start:
 * the build gives it a file of its own, and the built server knows its own address only after it has loaded.
 */
export function startThread(program: URL, data: unknown): Worker {
  if (!program.pathname.endsWith('.ts')) return new Worker(program, { workerData: data })
  // From source, TypeScript needs its loader first.
  const load = `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(program.href)})))`
  return new Worker(load, { eval: true, workerData: data })
}
